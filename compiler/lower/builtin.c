/* builtin.c: the functions of functions.def. */
#include "lower/lowering.h"

/* ---- calls of the runtime ------------------------------------------------------------------ */

static Values values_of(Lowering *l, Value *const *arguments, int count) {
    Values values = {0};
    for (int i = 0; i < count; i++) {
        if (arguments[i]->kind == VALUE_SCALAR && arguments[i]->dtype == DTYPE_I64)
            check_fits(l, value_size(arguments[i]));
        values_add(l->arena, &values, arguments[i]);
    }
    return values;
}

void runtime_call(Lowering *l, const char *symbol, Value *const *arguments, int count) {
    Values values = values_of(l, arguments, count);
    build_runtime(&l->b, symbol, &values, NULL);
}

Value *runtime_value(Lowering *l, const char *symbol, Value *const *arguments, int count,
                     ValueKind kind, DType dtype) {
    Values values = values_of(l, arguments, count), like = {0};
    values_add(l->arena, &like, value_new(l->module, kind, dtype, NULL));
    return build_runtime(&l->b, symbol, &values, &like)->results.data[0];
}

static Value *int_constant(Lowering *l, int64_t value) {
    return build_const(&l->b, DTYPE_I64, (Scalar){.i = value});
}

static Value *cast(Lowering *l, Value *value, DType dtype) {
    return value->dtype == dtype ? value : build_let(&l->b, OP_CAST, dtype, value, NULL, NULL);
}

/* ---- printing ------------------------------------------------------------------------------ */

static void print_text(Lowering *l, const char *text, size_t length) {
    Value *arguments[] = {build_string(&l->b, text, length), int_constant(l, (int64_t)length)};
    if (length)
        runtime_call(l, "mnp_print_bytes", arguments, 2);
}

/* `kind` as the runtime's mnp_print_complex takes it. */
static void print_complex(Lowering *l, Value *value, int64_t kind) {
    DType real = dtype_real(value->dtype);
    Value *re = build_let(&l->b, OP_REAL, real, value, NULL, NULL);
    Value *im = build_let(&l->b, OP_IMAG, real, value, NULL, NULL);
    kind += real == DTYPE_F32;
    Value *parts[] = {cast(l, re, DTYPE_F64), cast(l, im, DTYPE_F64), int_constant(l, kind)};
    runtime_call(l, "mnp_print_complex", parts, 3);
}

static void print_scalar(Lowering *l, Value *value) {
    const DTypeInfo *info = dtype_info(value->dtype);
    if (info->class == CLASS_COMPLEX) {
        print_complex(l, value, 0);
        return;
    }
    const char *symbol = info->class == CLASS_BOOL    ? "mnp_print_bool"
                         : value->dtype == DTYPE_F32  ? "mnp_print_float32"
                         : info->class == CLASS_FLOAT ? "mnp_print_float"
                         : value->dtype == DTYPE_U64  ? "mnp_print_uint"
                                                      : "mnp_print_int";
    Value *argument = cast(l, value, info->class == CLASS_FLOAT   ? DTYPE_F64
                                     : value->dtype == DTYPE_U64 ? DTYPE_U64
                                                                 : DTYPE_I64);
    runtime_call(l, symbol, &argument, 1);
}

static void print_item(Lowering *l, const Type *type, Lowered lowered) {
    if (type->kind == TYPE_SCALAR && !type->weak && type->dtype != DTYPE_BOOL) {
        print_text(l, "np.", 3);
        const char *name = dtype_info(type->dtype)->numpy;
        print_text(l, name, strlen(name));
        print_text(l, "(", 1);
        if (dtype_is_complex(type->dtype))
            print_complex(l, lowered.value, 2);
        else
            print_scalar(l, lowered.value);
        print_text(l, ")", 1);
    } else if (type->kind == TYPE_SCALAR && !type->weak) {
        print_text(l, "np.", 3);
        print_scalar(l, lowered.value);
        print_text(l, "_", 1);
    } else if (type->kind == TYPE_STRING) {
        Value *arguments[] = {lowered.value, lowered.length};
        runtime_call(l, "mnp_print_string_repr", arguments, 2);
    } else if (type->kind == TYPE_ARRAY) {
        runtime_call(l, "mnp_print_array_repr", &lowered.value, 1);
    } else {
        print_value(l, type, lowered);
    }
}

void print_value(Lowering *l, const Type *type, Lowered lowered) {
    if (type->kind == TYPE_STRING) {
        Value *arguments[] = {lowered.value, lowered.length};
        runtime_call(l, "mnp_print_bytes", arguments, 2);
    } else if (type->kind == TYPE_LIST) {
        runtime_call(l, "mnp_list_print", &lowered.value, 1);
    } else if (type->kind == TYPE_ARRAY) {
        runtime_call(l, "mnp_print_array", &lowered.value, 1);
    } else if (type->kind == TYPE_NONE) {
        print_text(l, "None", 4);
    } else if (type->kind == TYPE_TUPLE) {
        print_text(l, "(", 1);
        for (int i = 0; i < type->count; i++) {
            if (i)
                print_text(l, ", ", 2);
            print_item(l, type->items[i], lowered.items[i]);
        }
        print_text(l, type->count == 1 ? ",)" : ")", type->count == 1 ? 2 : 1);
    } else {
        print_scalar(l, lowered.value);
    }
}

static Lowered lower_print(Lowering *l, TExpr *expr) {
    TExpr *sep = expr->as.builtin.arguments[0], *end = expr->as.builtin.arguments[1];
    int count = expr->as.builtin.argument_count;
    Lowered *values = ARENA_ARRAY(l->arena, Lowered, count);
    for (int i = 2; i < count; i++)
        values[i] = lower_expr(l, expr->as.builtin.arguments[i]);
    Lowered between = sep ? lower_expr(l, sep) : (Lowered){0}, last = end ? lower_expr(l, end) : (Lowered){0};
    for (int i = 2; i < count; i++) {
        if (i > 2 && sep)
            print_value(l, sep->type, between);
        else if (i > 2)
            print_text(l, " ", 1);
        print_value(l, expr->as.builtin.arguments[i]->type, values[i]);
    }
    if (end)
        print_value(l, end->type, last);
    else
        print_text(l, "\n", 1);
    return (Lowered){0};
}

/* One replacement field into the text under construction. */
static void format_part(Lowering *l, const FormatPart *part, Lowered lowered) {
    const Type *type = part->value->type;
    if (part->times) {
        Value *arguments[] = {lowered.value, lowered.length, ((Lowered *)part->times->note)->value};
        runtime_call(l, "mnp_print_times", arguments, 3);
        return;
    }
    if (!part->spec) {
        bool float32 = type->kind == TYPE_SCALAR && type->dtype == DTYPE_F32;
        if (part->conversion == 'r')
            print_item(l, type, lowered);
        else if (!part->conversion && float32)
            print_scalar(l, cast(l, lowered.value, DTYPE_F64));     /* float.__format__ */
        else
            print_value(l, type, lowered);
        return;
    }
    Lowered text = *(Lowered *)part->spec->note;
    Value *spec = text.value, *size = text.length;
    if (type->kind == TYPE_STRING) {
        Value *arguments[] = {lowered.value, lowered.length, spec, size};
        runtime_call(l, "mnp_format_string", arguments, 4);
        return;
    }
    if (dtype_is_complex(type->dtype)) {
        Value *whole = cast(l, lowered.value, DTYPE_C128);
        Value *arguments[] = {build_let(&l->b, OP_REAL, DTYPE_F64, whole, NULL, NULL),
                              build_let(&l->b, OP_IMAG, DTYPE_F64, whole, NULL, NULL), spec, size};
        runtime_call(l, "mnp_format_complex", arguments, 4);
        return;
    }
    bool floating = dtype_is_float(type->dtype);
    Value *arguments[] = {cast(l, lowered.value, floating ? DTYPE_F64 : DTYPE_I64), spec, size};
    runtime_call(l, floating ? "mnp_format_float" : type->dtype == DTYPE_U64 ? "mnp_format_uint" : "mnp_format_int", arguments, 3);
}

static Lowered lower_part(Lowering *l, const FormatPart *part) {
    Lowered value = lower_expr(l, part->value);
    if (part->times) {
        Lowered *note = ARENA_NEW(l->arena, Lowered);
        *note = lower_expr(l, part->times);
        part->times->note = note;
    }
    if (part->spec) {
        Lowered *note = ARENA_NEW(l->arena, Lowered);
        *note = lower_expr(l, part->spec);
        part->spec->note = note;
    }
    return value;
}

Lowered lower_format(Lowering *l, TExpr *expr) {
    int count = expr->as.format.count;
    Lowered *values = ARENA_ARRAY(l->arena, Lowered, count + 1);
    for (int i = 0; i < count; i++)
        if (expr->as.format.parts[i].value)
            values[i] = lower_part(l, &expr->as.format.parts[i]);
    runtime_call(l, "mnp_text_begin", NULL, 0);
    for (int i = 0; i < count; i++) {
        const FormatPart *part = &expr->as.format.parts[i];
        if (part->value)
            format_part(l, part, values[i]);
        else
            print_text(l, part->text, part->length);
    }
    Values none = {0}, like = {0};
    flatten_like(l, expr->type, &like);
    Node *node = build_runtime(&l->b, "mnp_text_end", &none, &like);
    return (Lowered){.value = node->results.data[0], .length = node->results.data[1]};
}

/* ---- creation and views -------------------------------------------------------------------- */

static void shape_of(Lowering *l, const Type *type, Size *shape) {
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = lower_size(l, type->shape[axis]);
}

static Value *alloc_like(Lowering *l, const Type *type, bool zeroed) {
    Size shape[RANK_MAX];
    shape_of(l, type, shape);
    return build_alloc(&l->b, type->dtype, type->rank, shape, zeroed);
}

static Lowered lower_fill(Lowering *l, TExpr *expr) {
    int how = expr->as.builtin.how;
    Value *value = NULL;
    if (expr->as.builtin.arguments[0])
        value = lower_scalar(l, expr->as.builtin.arguments[0]);
    for (int i = 1; i < expr->as.builtin.argument_count; i++)
        if (expr->as.builtin.arguments[i])
            lower_expr(l, expr->as.builtin.arguments[i]);
    lower_checks(l, expr->checks);
    Value *array = alloc_like(l, expr->type, how == FILL_ZEROS);
    if (how == FILL_ZEROS || how == FILL_UNSET)
        return (Lowered){.value = array};
    Scalar one = {.i = 1};
    if (dtype_is_float(dtype_real(expr->type->dtype)))
        one = (Scalar){.re = 1, .im = 0};
    if (!value)
        value = build_const(&l->b, expr->type->dtype, one);
    Loops loops = open_loops(l, array->rank, array->shape, NULL);
    build_store(&l->b, array, loops.index, value);
    close_loops(l, &loops);
    return (Lowered){.value = array};
}

/* Element i: first + i * (second - first) in the array's dtype, the second as it is (NumPy's fill). */
static Value *arange_element(Lowering *l, Value *first, Value *second, Size i) {
    DType dtype = first->dtype;
    Value *round = build_size(&l->b, i), *by = build_let(&l->b, OP_SUB, dtype, second, first, NULL);
    Value *way = build_let(&l->b, OP_MUL, dtype, cast(l, round, dtype), by, NULL);
    Value *far = build_let(&l->b, OP_ADD, dtype, first, way, NULL);
    Value *is_second = build_let(&l->b, OP_EQ, DTYPE_BOOL, round, int_constant(l, 1), NULL);
    Value *is_first = build_let(&l->b, OP_EQ, DTYPE_BOOL, round, int_constant(l, 0), NULL);
    return build_let(&l->b, OP_SELECT, dtype, is_first, first,
                     build_let(&l->b, OP_SELECT, dtype, is_second, second, far));
}

static Lowered lower_arange(Lowering *l, TExpr *expr) {
    Value *bounds[3];
    for (int i = 0; i < 3; i++)
        bounds[i] = lower_scalar(l, expr->as.builtin.arguments[i]);
    Atom *length = size_as_atom(expr->type->shape[0]);
    if (length && length->kind == ATOM_VAR && !length->owner) {
        Value *arguments[] = {cast(l, bounds[0], DTYPE_F64), cast(l, bounds[1], DTYPE_F64),
                              cast(l, bounds[2], DTYPE_F64), int_constant(l, expr->as.builtin.python)};
        bind_atom(l, expr->type->shape[0],
                  runtime_value(l, "mnp_arange_length", arguments, 4, VALUE_SCALAR, DTYPE_I64));
    }
    Value *array = alloc_like(l, expr->type, false), *element;
    bool ints = bounds[0]->dtype == DTYPE_I64 && !dtype_is_float(array->dtype);
    Value *first = cast(l, bounds[0], array->dtype), *second = NULL;
    if (!ints)
        second = cast(l, build_let(&l->b, OP_ADD, bounds[0]->dtype, bounds[0], bounds[2], NULL), array->dtype);
    Loops loops = open_loops(l, 1, array->shape, NULL);
    Size at = size_add(value_size(bounds[0]), size_mul(loops.index[0], value_size(bounds[2])));
    element = ints ? cast(l, build_size(&l->b, at), array->dtype)
                   : arange_element(l, first, second, loops.index[0]);
    build_store(&l->b, array, loops.index, element);
    close_loops(l, &loops);
    return (Lowered){.value = array};
}

static Lowered lower_literal(Lowering *l, TExpr *expr) {
    int count = expr->as.builtin.argument_count;
    Value **values = ARENA_ARRAY(l->arena, Value *, count + 1);
    for (int i = 0; i < count; i++)
        values[i] = lower_scalar(l, expr->as.builtin.arguments[i]);
    Value *array = alloc_like(l, expr->type, false);
    for (int i = 0; i < count; i++) {
        Size index[RANK_MAX];
        int64_t rest = i, extent;
        for (int axis = array->rank - 1; axis >= 0; axis--) {
            size_is_const(array->shape[axis], &extent);
            index[axis] = size_const(rest % extent);
            rest /= extent;
        }
        build_store(&l->b, array, index, values[i]);
    }
    return (Lowered){.value = array};
}

static Lowered lower_copy(Lowering *l, TExpr *expr) {
    TExpr *source = expr->as.builtin.arguments[0];
    prepare(l, source);
    Value *array = alloc_like(l, expr->type, false);
    Loops loops = open_loops(l, array->rank, array->shape, NULL);
    Value *element = lower_element(l, source, array->rank, loops.index);
    build_store(&l->b, array, loops.index, cast(l, element, array->dtype));
    close_loops(l, &loops);
    return (Lowered){.value = array};
}

/* The strides of axes that each come from one of the base's. */
static Value *split_axes(Lowering *l, const TExpr *expr, Value *base, const Size *shape) {
    int rank = expr->type->rank;
    Value *view = build_reshape(&l->b, base, rank, shape);
    for (int axis = rank - 1; axis >= 0; axis--) {
        int from = expr->as.builtin.axes[axis];
        bool inner = axis + 1 < rank;
        view->stride[axis] = from < 0 ? (inner ? size_mul(view->stride[axis + 1], shape[axis + 1]) : size_const(1))
                                      : base->stride[from];
        for (int k = axis + 1; k < rank && from >= 0; k++)
            if (expr->as.builtin.axes[k] == from)
                view->stride[axis] = size_mul(view->stride[axis], shape[k]);
    }
    return view;
}

static void copy_elements(Lowering *l, Value *to, Value *from) {
    Loops loops = open_loops(l, to->rank, to->shape, NULL);
    build_store(&l->b, to, loops.index, build_load(&l->b, from, loops.index));
    close_loops(l, &loops);
}

/* The base in the new shape where the run finds it in C order, else a copy. */
static Lowered reshape_or_copy(Lowering *l, const TExpr *expr, Value *base, const Size *shape) {
    Value *packed = runtime_value(l, "mnp_is_packed", &base, 1, VALUE_SCALAR, DTYPE_I64);
    Value *test = build_let(&l->b, OP_NE, DTYPE_BOOL, packed, int_constant(l, 0), NULL);
    Values like = {0};
    flatten_like(l, expr->type, &like);
    Node *node = build_if(&l->b, test, &like);
    Builder outer = l->b;
    for (int side = 0; side < 2; side++) {
        Values yields = {0};
        l->b.region = side ? node->as.branch.otherwise : node->as.branch.then;
        l->b.before = NULL;
        Value *source = base;
        if (side) {
            source = build_alloc(&l->b, base->dtype, base->rank, base->shape, false);
            copy_elements(l, source, base);
        }
        flatten(l, expr->type, (Lowered){.value = build_reshape(&l->b, source, expr->type->rank, shape)}, &yields);
        build_retain(&l->b, yields.data[0]);
        build_yield(l->b.region, &yields);
    }
    l->b = outer;
    int next = 0;
    return unflatten(l, expr->type, &node->results, &next);
}

static Lowered lower_reshape(Lowering *l, TExpr *expr) {
    Value *base = lower_scalar(l, expr->as.builtin.arguments[0]);
    Size shape[RANK_MAX];
    for (int i = 1; i < expr->as.builtin.argument_count; i++)
        lower_scalar(l, expr->as.builtin.arguments[i]);
    lower_checks(l, expr->checks);
    shape_of(l, expr->type, shape);
    if (expr->as.builtin.how == RESHAPE_OR_COPY)
        return reshape_or_copy(l, expr, base, shape);
    if (expr->as.builtin.how == RESHAPE_SPLIT)
        return (Lowered){.value = split_axes(l, expr, base, shape)};
    return (Lowered){.value = build_reshape(&l->b, base, expr->type->rank, shape)};
}

static Lowered lower_transpose(Lowering *l, TExpr *expr) {
    Value *base = lower_scalar(l, expr->as.builtin.arguments[0]);
    Size start[RANK_MAX], step[RANK_MAX], shape[RANK_MAX];
    lower_checks(l, expr->checks);
    for (int axis = 0; axis < base->rank; axis++) {
        start[axis] = size_const(0);
        step[axis] = size_const(1);
        shape[axis] = base->shape[expr->as.builtin.axes[axis]];
    }
    return (Lowered){.value = build_view(&l->b, base, start, base->rank, expr->as.builtin.axes, step,
                                         shape)};
}

/* ---- scalars ------------------------------------------------------------------------------- */

static Value *test(Lowering *l, Op op, Value *value) {
    return build_let(&l->b, op, DTYPE_BOOL, value, NULL, NULL);
}

static Value *either(Lowering *l, Value *a, Value *b) {
    return build_let(&l->b, OP_LOGICAL_OR, DTYPE_BOOL, a, b, NULL);
}

/* Python's math raises where C gives nan or infinity for other arguments. */
static void check_math(Lowering *l, Op op, Value *result, Value *const *arguments, int count) {
    Value *odd = test(l, OP_ISNAN, arguments[0]), *infinite = test(l, OP_ISINF, arguments[0]);
    for (int i = 1; i < count; i++) {
        odd = either(l, odd, test(l, OP_ISNAN, arguments[i]));
        infinite = either(l, infinite, test(l, OP_ISINF, arguments[i]));
    }
    Value *fine = either(l, odd, build_let(&l->b, OP_NOT, DTYPE_BOOL, test(l, OP_ISNAN, result), NULL, NULL));
    check_true(l, fine, FAILURE_MATH_DOMAIN, "math domain");
    bool pole = op == OP_C_LOG || op == OP_C_LOG2 || op == OP_C_LOG10 || op == OP_C_LOG1P || op == OP_C_ATANH;
    fine = either(l, infinite, build_let(&l->b, OP_NOT, DTYPE_BOOL, test(l, OP_ISINF, result), NULL, NULL));
    check_true(l, fine, pole ? FAILURE_MATH_DOMAIN : FAILURE_MATH_RANGE, "math range");
}

/* int of a float: the runtime is asked only for what does not fit, and raises. */
static Value *to_int(Lowering *l, Value *value) {
    Value *least = build_f64(&l->b, -0x1p63), *end = build_f64(&l->b, 0x1p63);
    Value *fits = build_let(&l->b, OP_LOGICAL_AND, DTYPE_BOOL, build_let(&l->b, OP_GE, DTYPE_BOOL, value, least, NULL),
                            build_let(&l->b, OP_LT, DTYPE_BOOL, value, end, NULL), NULL);
    Node *node = build_if(&l->b, test(l, OP_NOT, fits), NULL);
    Builder outer = l->b;
    l->b.region = node->as.branch.then;
    l->b.before = NULL;
    runtime_value(l, "mnp_float_to_int", &value, 1, VALUE_SCALAR, DTYPE_I64);
    l->b = outer;
    return cast(l, value, DTYPE_I64);
}

static Value *lower_math(Lowering *l, TExpr *expr) {
    Op op = (Op)expr->as.builtin.info->op;
    Value *arguments[3] = {NULL, NULL, NULL};
    int count = expr->as.builtin.argument_count;
    for (int i = 0; i < count; i++)
        arguments[i] = lower_scalar(l, expr->as.builtin.arguments[i]);
    bool logical = op_info(op)->rule == RULE_TEST;
    Value *result = build_let(&l->b, op, logical ? DTYPE_BOOL : DTYPE_F64, arguments[0], arguments[1], NULL);
    if (logical)
        return result;
    if (op_info(op)->rule == RULE_ROUND)
        return to_int(l, result);
    if (op != OP_ABS && op != OP_COPYSIGN && op != OP_C_ATAN && op != OP_C_ATAN2 && op != OP_C_TANH)
        check_math(l, op, result, arguments, count);
    return result;
}

static Value *lower_math_call(Lowering *l, TExpr *expr) {
    static const double defaults[] = {0, 0, 1e-9, 0.0};
    const FunctionInfo *info = expr->as.builtin.info;
    bool test = expr->type->dtype == DTYPE_BOOL, power = info->kind == FUNCTION_POWER;
    Value *arguments[4];
    for (int i = 0; i < expr->as.builtin.argument_count; i++)
        arguments[i] = expr->as.builtin.arguments[i] ? lower_scalar(l, expr->as.builtin.arguments[i])
                                                     : build_f64(&l->b, defaults[i]);
    const char *symbol = arena_printf(l->arena, "mnp_math_%s", power ? "pow_mod" : info->name);
    Value *result = runtime_value(l, symbol, arguments, expr->as.builtin.argument_count, VALUE_SCALAR,
                                  test ? DTYPE_I64 : expr->type->dtype);
    return test ? build_let(&l->b, OP_NE, DTYPE_BOOL, result, int_constant(l, 0), NULL) : result;
}

/* len of a string or of sys.argv. */
static Value *lower_length(Lowering *l, TExpr *expr) {
    if (!expr->as.builtin.argument_count)
        return runtime_value(l, "mnp_argc", NULL, 0, VALUE_SCALAR, DTYPE_I64);
    Lowered text = lower_expr(l, expr->as.builtin.arguments[0]);
    Value *arguments[] = {text.value, text.length};
    return runtime_value(l, "mnp_string_length", arguments, 2, VALUE_SCALAR, DTYPE_I64);
}

static Value *lower_convert(Lowering *l, TExpr *expr) {
    Lowered value = lower_expr(l, expr->as.builtin.arguments[0]);
    bool to_integer = expr->type->dtype == DTYPE_I64;
    if (expr->as.builtin.arguments[0]->type->kind == TYPE_STRING) {
        Value *arguments[] = {value.value, value.length};
        return runtime_value(l, to_integer ? "mnp_parse_int" : "mnp_parse_float", arguments, 2,
                             VALUE_SCALAR, expr->type->dtype);
    }
    if (value.value->dtype != DTYPE_U64)
        return to_int(l, cast(l, value.value, DTYPE_F64));
    Value *whole = cast(l, value.value, DTYPE_I64);
    check_true(l, build_let(&l->b, OP_GE, DTYPE_BOOL, whole, int_constant(l, 0), NULL), FAILURE_OVERFLOW,
               "an int of 64 bits");
    return whole;
}

/* NumPy's round of a float to digits: by a power of ten and back, in the float's own dtype. */
static Value *round_numpy(Lowering *l, Value *value, Value *digits) {
    DType dtype = value->dtype;
    Value *zero = int_constant(l, 0), *down = build_let(&l->b, OP_LT, DTYPE_BOOL, digits, zero, NULL);
    Value *arguments[] = {digits};
    Value *scale = cast(l, runtime_value(l, "mnp_power_of_ten", arguments, 1, VALUE_SCALAR, DTYPE_F64), dtype);
    Value *by = build_let(&l->b, OP_MUL, dtype, value, scale, NULL), *per = build_let(&l->b, OP_DIV, dtype, value, scale, NULL);
    Value *whole = build_let(&l->b, OP_RINT, dtype, build_let(&l->b, OP_SELECT, dtype, down, per, by), NULL, NULL);
    return build_let(&l->b, OP_SELECT, dtype, down, build_let(&l->b, OP_MUL, dtype, whole, scale, NULL),
                     build_let(&l->b, OP_DIV, dtype, whole, scale, NULL));
}

static Value *lower_round(Lowering *l, TExpr *expr) {
    Value *given = lower_scalar(l, expr->as.builtin.arguments[0]), *value = cast(l, given, DTYPE_F64);
    if (expr->as.builtin.arguments[1] && !expr->as.builtin.python)
        return round_numpy(l, given, cast(l, lower_scalar(l, expr->as.builtin.arguments[1]), DTYPE_I64));
    if (!expr->as.builtin.arguments[1])
        return to_int(l, build_let(&l->b, OP_RINT, DTYPE_F64, value, NULL, NULL));
    Value *arguments[] = {value, lower_scalar(l, expr->as.builtin.arguments[1])};
    Value *result = runtime_value(l, "mnp_round", arguments, 2, VALUE_SCALAR, DTYPE_F64);
    return cast(l, result, expr->type->dtype);
}

/* ---- files --------------------------------------------------------------------------------- */

static Lowered lower_load(Lowering *l, TExpr *expr) {
    Lowered path = lower_expr(l, expr->as.builtin.arguments[0]);
    const Type *type = expr->type;
    Values arguments = {0}, like = {0};
    values_add(l->arena, &arguments, path.value);
    values_add(l->arena, &arguments, path.length);
    values_add(l->arena, &arguments, int_constant(l, (int64_t)type->dtype));
    values_add(l->arena, &arguments, int_constant(l, type->rank));
    for (int i = 1; i < expr->as.builtin.argument_count; i++) {
        Lowered argument = lower_expr(l, expr->as.builtin.arguments[i]);
        values_add(l->arena, &arguments, argument.value);
        if (argument.length)
            values_add(l->arena, &arguments, argument.length);
    }
    Type strided = *type;
    strided.contiguous = false;
    flatten_like(l, &strided, &like);
    FunctionKind kind = expr->as.builtin.info->kind;
    const char *symbol = kind == FUNCTION_FROMFILE ? "mnp_fromfile" : kind == FUNCTION_LOADTXT ? "mnp_loadtxt" : "mnp_load";
    Node *node = build_runtime(&l->b, symbol, &arguments, &like);
    int next = 0;
    Type open = strided;
    Size wanted[RANK_MAX];
    for (int axis = 0; axis < type->rank; axis++) {
        Atom *atom = size_as_atom(type->shape[axis]);
        wanted[axis] = atom && atom->kind == ATOM_VAR && !atom->owner ? NULL : lower_size(l, type->shape[axis]);
        open.shape[axis] = wanted[axis] ? size_atom(atom_var("extent")) : type->shape[axis];
    }
    Lowered loaded = unflatten(l, &open, &node->results, &next);
    for (int axis = 0; axis < type->rank; axis++) {
        if (!wanted[axis])
            continue;
        Size have = loaded.value->shape[axis];
        Node *check = build_check(&l->b, CHECK_EQ, size_sub(have, wanted[axis]), NULL,
                                  FAILURE_BROADCAST, "the shape of the file");
        check->as.check.values[0] = have;
        check->as.check.values[1] = wanted[axis];
    }
    /* The rest of the program relies on C order. */
    Value *packed = build_alloc(&l->b, type->dtype, type->rank, loaded.value->shape, false);
    Loops loops = open_loops(l, packed->rank, packed->shape, NULL);
    build_store(&l->b, packed, loops.index, build_load(&l->b, loaded.value, loops.index));
    close_loops(l, &loops);
    return (Lowered){.value = packed};
}

static Lowered lower_save(Lowering *l, TExpr *expr) {
    static const char *const defaults[] = {"", "", "%.18e", " ", "\n", "", "# "};
    Values arguments = {0};
    for (int i = 0; i < expr->as.builtin.argument_count; i++) {
        TExpr *argument = expr->as.builtin.arguments[i];
        Lowered lowered = {0};
        if (argument) {
            lowered = argument->type->kind == TYPE_ARRAY ? (Lowered){.value = lower_array(l, argument)}
                                                         : lower_expr(l, argument);
        } else {
            lowered.value = build_string(&l->b, defaults[i], strlen(defaults[i]));
            lowered.length = int_constant(l, (int64_t)strlen(defaults[i]));
        }
        values_add(l->arena, &arguments, lowered.value);
        if (lowered.length)
            values_add(l->arena, &arguments, lowered.length);
    }
    bool text = expr->as.builtin.info->kind == FUNCTION_SAVETXT;
    build_runtime(&l->b, text ? "mnp_savetxt" : expr->as.builtin.info->op == 1 ? "mnp_tofile" : "mnp_save", &arguments, NULL);
    return (Lowered){0};
}

static Lowered lower_array2string(Lowering *l, TExpr *expr) {
    Values arguments = {0}, like = {0};
    values_add(l->arena, &arguments, lower_array(l, expr->as.builtin.arguments[0]));
    for (int i = 1; i < expr->as.builtin.argument_count; i++) {
        Lowered argument = lower_expr(l, expr->as.builtin.arguments[i]);
        values_add(l->arena, &arguments, argument.value);
        if (argument.length)
            values_add(l->arena, &arguments, argument.length);
    }
    flatten_like(l, expr->type, &like);
    Node *node = build_runtime(&l->b, "mnp_array2string", &arguments, &like);
    return (Lowered){.value = node->results.data[0], .length = node->results.data[1]};
}

static Value *lower_layout(Lowering *l, TExpr *expr) {
    Value *a = lower_array(l, expr->as.builtin.arguments[0]);
    Value *b = expr->as.builtin.argument_count > 2 ? lower_array(l, expr->as.builtin.arguments[2]) : a;
    Value *arguments[] = {a, b, lower_scalar(l, expr->as.builtin.arguments[1])};
    return runtime_value(l, "mnp_layout", arguments, 3, VALUE_SCALAR, DTYPE_I64);
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static Lowered one(Value *value) {
    return (Lowered){.value = value};
}

Lowered lower_builtin(Lowering *l, TExpr *expr) {
    switch (expr->as.builtin.info->kind) {
    case FUNCTION_REDUCE: return lower_reduce(l, expr);
    case FUNCTION_FILL: return lower_fill(l, expr);
    case FUNCTION_ARANGE: return lower_arange(l, expr);
    case FUNCTION_ARRAY: return lower_literal(l, expr);
    case FUNCTION_COPY:
    case FUNCTION_ASTYPE: return lower_copy(l, expr);
    case FUNCTION_RESHAPE: return lower_reshape(l, expr);
    case FUNCTION_TRANSPOSE: return lower_transpose(l, expr);
    case FUNCTION_CONCATENATE: return lower_join(l, expr);
    case FUNCTION_DIAGONAL: return lower_diagonal(l, expr);
    case FUNCTION_DIAG: return lower_diag(l, expr);
    case FUNCTION_NONZERO: return lower_nonzero(l, expr);
    case FUNCTION_REPEAT: return lower_repeat(l, expr);
    case FUNCTION_COPYTO:
        store_place(l, expr->as.builtin.arguments[0], expr->as.builtin.arguments[1], expr->as.builtin.how, expr->checks);
        return (Lowered){0};
    case FUNCTION_ARRAY2STRING: return lower_array2string(l, expr);
    case FUNCTION_MAY_SHARE: return one(lower_layout(l, expr));
    case FUNCTION_MATMUL: return lower_matmul(l, expr);
    case FUNCTION_EINSUM: return lower_contraction(l, expr);
    case FUNCTION_MATH: return one(lower_math(l, expr));
    case FUNCTION_MATH_CALL:
    case FUNCTION_POWER: return one(lower_math_call(l, expr));
    case FUNCTION_CONVERT: return one(lower_convert(l, expr));
    case FUNCTION_ROUND: return one(lower_round(l, expr));
    case FUNCTION_LEN: return one(lower_length(l, expr));
    case FUNCTION_PERF_COUNTER:
        return one(runtime_value(l, "mnp_perf_counter", NULL, 0, VALUE_SCALAR, DTYPE_F64));
    case FUNCTION_PRINT: return lower_print(l, expr);
    case FUNCTION_LOAD: case FUNCTION_FROMFILE: case FUNCTION_LOADTXT: return lower_load(l, expr);
    case FUNCTION_SAVE:
    case FUNCTION_SAVETXT: return lower_save(l, expr);
    case FUNCTION_ARG_EXTREME: return lower_arg_extreme(l, expr);
    case FUNCTION_ACCUMULATE: return lower_accumulate(l, expr);
    case FUNCTION_DIVMOD: case FUNCTION_PAIR: case FUNCTION_COMPOSED: case FUNCTION_STATISTIC: case FUNCTION_DIFF:
    case FUNCTION_UFUNC: case FUNCTION_WHERE: case FUNCTION_MIN_MAX:
    case FUNCTION_ABS: case FUNCTION_TEXT: case FUNCTION_ITEM: case FUNCTION_RANGE: case FUNCTION_ENUMERATE:
    case FUNCTION_SEQUENCE:
    case FUNCTION_EXIT: case FUNCTION_RAVEL: case FUNCTION_SWAPAXES: case FUNCTION_MOVEAXIS:
    case FUNCTION_EXPAND_DIMS: case FUNCTION_SQUEEZE: case FUNCTION_BROADCAST_TO: case FUNCTION_BROADCAST_ARRAYS:
    case FUNCTION_FLIP: case FUNCTION_ROT90: case FUNCTION_ROLL: case FUNCTION_ATLEAST: case FUNCTION_STACK:
    case FUNCTION_STACK_ALONG: case FUNCTION_APPEND: case FUNCTION_TILE: case FUNCTION_MESHGRID: case FUNCTION_INDICES:
    case FUNCTION_EYE: case FUNCTION_TRIANGLE: case FUNCTION_LINSPACE: case FUNCTION_LOGSPACE: case FUNCTION_TAKE:
    case FUNCTION_COMPRESS: case FUNCTION_TAKE_ALONG_AXIS: case FUNCTION_PUT_ALONG_AXIS: case FUNCTION_PUT: case FUNCTION_SORT:
    case FUNCTION_IX: case FUNCTION_SELECT: case FUNCTION_CHOOSE: case FUNCTION_FROMFUNCTION: case FUNCTION_ATTRIBUTE: case FUNCTION_LIBRARY: case FUNCTION_TENSORDOT: case FUNCTION_SPLIT: case FUNCTION_PAD: case FUNCTION_INSERT:
    case FUNCTION_DELETE: case FUNCTION_PRINT_OPTIONS: case FUNCTION_LIBRARY_ROWS: case FUNCTION_DTYPE: case FUNCTION_KIND_COUNT:
        break;   /* the checker makes them of others */
    }
    BUG("%s cannot be lowered", expr->as.builtin.info->name);
}
