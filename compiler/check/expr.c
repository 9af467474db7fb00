/* expr.c: names, literals, logic; the dispatcher of expressions. */
#include "check/either.h"
#include "check/sequence.h"

#include <math.h>

/* ---- making expressions -------------------------------------------------------------------- */

TExpr *texpr_new(Scope *s, TExprKind kind, Span span, const Type *type) {
    TExpr *expr = ARENA_NEW(s->checker->arena, TExpr);
    expr->kind = kind;
    expr->span = span;
    expr->type = type;
    return expr;
}

TExpr *texpr_poison(Scope *s, Span span) {
    return texpr_new(s, TEXPR_NONE, span, type_simple(s->checker, TYPE_POISON));
}

bool is_poison(const TExpr *expr) {
    return expr->type->kind == TYPE_POISON;
}

static TExpr *texpr_constant(Scope *s, DType dtype, bool weak, Scalar value, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_CONST, span, type_scalar(s->checker, dtype, weak));
    expr->as.constant = value;
    if (dtype == DTYPE_I64)
        expr->size = size_const(value.i);
    return expr;
}

TExpr *texpr_int(Scope *s, int64_t value, Span span) {
    return texpr_constant(s, DTYPE_I64, true, (Scalar){.i = value}, span);
}

TExpr *texpr_bool(Scope *s, bool value, Span span) {
    return texpr_constant(s, DTYPE_BOOL, true, (Scalar){.i = value}, span);
}

TExpr *texpr_size(Scope *s, Size size, TExpr *of, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_SIZE, span, type_scalar(s->checker, DTYPE_I64, true));
    expr->size = size;
    expr->as.item.tuple = of;
    return expr;
}

TExpr *texpr_decay(Scope *s, TExpr *value) {
    bool single = value->type->kind == TYPE_ARRAY && !value->type->rank;
    return single ? index_new(s, value, NULL, 0, false, value->span) : value;
}

TExpr *tuple_of(Scope *s, TExpr **items, int count, Span span) {
    const Type **types = ARENA_ARRAY(s->checker->arena, const Type *, count + 1);
    TExpr **copy = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    for (int i = 0; i < count; i++) {
        copy[i] = items[i];
        types[i] = items[i]->type;
    }
    TExpr *expr = texpr_new(s, TEXPR_TUPLE, span, type_tuple(s->checker, types, count));
    expr->as.tuple.items = copy;
    expr->as.tuple.count = count;
    return expr;
}

/* The least and largest int of a dtype, as far as 64 bits show them. */
static void dtype_bounds(DType dtype, Size *low, Size *high) {
    int bits = 8 * dtype_info(dtype)->bytes;
    bool is_signed = dtype_info(dtype)->class == CLASS_INT;
    *low = size_const(is_signed ? -(INT64_C(1) << (bits - 1)) : 0);
    *high = bits == 64 ? NULL : size_const((INT64_C(1) << (is_signed ? bits - 1 : bits)) - 1);
}

bool int_fits(Scope *s, Size value, DType dtype) {
    Size low, high;
    if (dtype == DTYPE_I64)
        return true;
    dtype_bounds(dtype, &low, &high);
    return prove_ge(s->facts, value, low) == PROVED && (!high || prove_ge(s->facts, high, value) == PROVED);
}

/* Python's int in a NumPy integer: OverflowError where it does not fit (NEP 50). */
static void require_fit(Scope *s, TExpr *cast, Size value, DType dtype) {
    Size low, high;
    int64_t constant;
    if (int_fits(s, value, dtype))
        return;
    if (size_is_const(value, &constant)) {
        diag_error(cast->span, DIAG_ALWAYS_FAILS, "Python integer %lld out of bounds for %s", (long long)constant,
                   dtype_info(dtype)->numpy);
        return;
    }
    dtype_bounds(dtype, &low, &high);
    TCheck **outer = s->checks;
    s->checks = &cast->checks;
    TCheck *check = require(s, FACT_GE, size_sub(value, low), "CAST_RANGE", "an int that fits its dtype", cast->span);
    check->values[0] = value;
    if (high) {
        check = require(s, FACT_GE, size_sub(high, value), "CAST_RANGE", "an int that fits its dtype", cast->span);
        check->values[0] = value;
    }
    s->checks = outer;
}

TExpr *builtin_new(Scope *s, const char *module, const char *name, const Type *type, int count, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, type);
    expr->as.builtin.info = function_find(module, name);
    expr->as.builtin.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    expr->as.builtin.argument_count = count;
    return expr;
}

/* Python's int of a u64: what is beyond 63 bits stops the run. */
static TExpr *int_of_u64(Scope *s, TExpr *value) {
    TExpr *expr = builtin_new(s, "builtins", "int", type_scalar(s->checker, DTYPE_I64, true), 1, value->span);
    expr->as.builtin.arguments[0] = value;
    expr->size = size_fresh("value");
    return expr;
}

TExpr *texpr_cast(Scope *s, TExpr *value, DType dtype, bool weak) {
    const Type *old = value->type;
    if (old->kind == TYPE_EITHER)
        return either_cast(s, value, dtype, weak);
    if (is_poison(value) || (old->dtype == dtype && (old->kind == TYPE_ARRAY || old->weak == weak)))
        return value;
    if (weak && dtype == DTYPE_I64 && old->dtype == DTYPE_U64 && old->kind == TYPE_SCALAR)
        return int_of_u64(s, value);
    const Type *type = old->kind == TYPE_ARRAY
                           ? type_array(s->checker, dtype, old->rank, old->shape, true)
                           : type_scalar(s->checker, dtype, weak);
    if (old->kind == TYPE_SCALAR && dtype_is_complex(old->dtype) && !dtype_is_complex(dtype) && dtype != DTYPE_BOOL) {
        diag_error(value->span, DIAG_TYPE_MISMATCH, "a complex number does not become a %s", dtype_info(dtype)->numpy);
        return texpr_poison(s, value->span);
    }
    TExpr *expr = texpr_new(s, TEXPR_CAST, value->span, type);
    expr->as.cast.value = value;
    if (type_is_python_int(old) && dtype_is_integer(dtype) && !weak)
        require_fit(s, expr, value->size, dtype);
    if (dtype == DTYPE_I64 && old->kind == TYPE_SCALAR && !dtype_is_float(old->dtype) && old->dtype != DTYPE_U64)
        expr->size = value->size ? value->size : size_fresh("value");
    return expr;
}

TExpr *texpr_truth(Scope *s, TExpr *value) {
    const Type *type = value->type;
    if (type->kind == TYPE_EITHER)
        return either_truth(s, value);
    if (is_poison(value) || (type_is_number(type) && type->dtype == DTYPE_BOOL))
        return value;
    if (type->kind == TYPE_LIST || type->kind == TYPE_STRING || type->kind == TYPE_RANGE) {
        bool list = type->kind == TYPE_LIST;
        TExpr *length = type->kind == TYPE_RANGE ? range_length(s, value, value->span)
                        : list ? list_length(s, value, value->span)
                             : texpr_runtime(s, "mnp_string_length", &value, 1,
                                             type_scalar(s->checker, DTYPE_I64, true), value->span);
        TExpr *operands[] = {length, texpr_int(s, 0, value->span)};
        return make_op(s, OP_NE, operands, value->span);
    }
    if (type->kind == TYPE_NONE || type->kind == TYPE_TUPLE)
        return value_behind(s, value, NULL, texpr_bool(s, type->kind == TYPE_TUPLE && type->count, value->span));
    if (!type_is_number(type)) {
        diag_unsupported(value->span, "the truth of this value", "a comparison");
        return texpr_poison(s, value->span);
    }
    TExpr *operands[] = {value, texpr_int(s, 0, value->span)};
    return make_op(s, OP_NE, operands, value->span);
}

void texpr_add_checks(TExpr *expr, TCheck *checks) {
    TCheck **link = &expr->checks;
    while (*link && *link != checks)   /* they may be there */
        link = &(*link)->next;
    *link = checks;
}

TExpr *texpr_once(Scope *s, TExpr *value) {
    if (is_poison(value) || value->kind == TEXPR_CONST || value->kind == TEXPR_VARIABLE)
        return value;
    TExpr *expr = texpr_new(s, TEXPR_ONCE, value->span, value->type);
    expr->as.cast.value = value;
    expr->size = value->size;
    return expr;
}

/* ---- names --------------------------------------------------------------------------------- */

FunctionEntry *find_entry(Checker *c, Name name) {
    for (int i = 0; i < c->functions.count; i++)
        if (c->functions.data[i]->name == name)
            return c->functions.data[i];
    return NULL;
}

static TExpr *global_constant(Scope *s, Name name, Span span) {
    Checker *c = s->checker;
    for (int i = 0; i < c->constants.count; i++) {
        if (c->constants.data[i].name != name)
            continue;
        if (c->top && !scope_find(c->top, name))
            break;
        TExpr *copy = ARENA_NEW(c->arena, TExpr);
        *copy = *c->constant_values.data[i];
        copy->span = span;
        return copy;
    }
    return NULL;
}

static bool is_size_name(Scope *s, Name name) {
    for (int i = 0; s->sizes && i < s->sizes->all.count; i++)
        if (s->sizes->all.data[i].name == name)
            return true;
    return false;
}

static int edit_distance(const char *a, const char *b) {
    int row[40], la = (int)strlen(a), lb = (int)strlen(b);
    if (la > 30 || lb > 30)
        return 99;
    for (int j = 0; j <= lb; j++)
        row[j] = j;
    for (int i = 1; i <= la; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            int other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < other ? change : other;
        }
    }
    return row[lb];
}

static void unknown_name(Scope *s, const Ast *node) {
    Name name = node->as.name.id, best = NULL;
    if (is_size_name(s, name)) {
        Diag *diag = diag_error(node->span, DIAG_SIZE_NAME_READ,
                                "'%s' is the name of a size, not a variable", name);
        diag_help(diag, "bind it first, as in 'n, m = a.shape'");
        return;
    }
    for (int i = 0; i < s->bindings.count; i++)
        if (edit_distance(s->bindings.data[i].name, name) == 1)
            best = s->bindings.data[i].name;
    if (refuse_name(s, node))
        return;
    Diag *diag = diag_error(node->span, DIAG_UNKNOWN_NAME, "nothing defines the name '%s'", name);
    if (near_habit(name))
        diag_help(diag, "write %s", near_habit(name));
    else if (best || (best = near_builtin(s, name)))
        diag_help(diag, "did you mean '%s'?", best);
}

static TExpr *check_name(Scope *s, const Ast *node) {
    Name name = node->as.name.id;
    Binding *binding = scope_find(s, name);
    if (binding && !binding->variable) {
        Diag *diag = diag_error(node->span, DIAG_MAYBE_UNASSIGNED,
                                "'%s' is not assigned on every path to here", name);
        diag_help(diag, "assign it before the branches or the loop");
        return texpr_poison(s, node->span);
    }
    if (binding) {
        if (binding->variable->reads++ == 0)
            binding->variable->read = node->span;
        if (binding->variable->type->kind == TYPE_CONSTANT)
            return check_expr(s, binding->variable->type->info);
        return variable_expr(s, binding->variable, node->span);
    }
    bool local = s->entry && names_have(&s->entry->locals, name);
    Name key = outer_key(s, name);
    Binding *global = key ? scope_find(s, outer_here(s, key)) : NULL;
    if (global && global->variable)
        return variable_expr(s, global->variable, node->span);
    FunctionEntry *function = visible_entry(s->checker, s->entry, name);
    if (function)
        return function_expr(s, function, false, node->span);
    TExpr *constant = s->definition && !local ? global_constant(s, name, node->span) : NULL;
    if (constant)
        return constant;
    if (!strcmp(name, "__name__")) {
        TExpr *expr = texpr_new(s, TEXPR_STRING, node->span, type_simple(s->checker, TYPE_STRING));
        expr->as.string.data = s->checker->options->library ? "library" : "__main__";
        expr->as.string.length = strlen(expr->as.string.data);
        return expr;
    }
    const Ast *receiver;
    const FunctionInfo *builtin = local ? NULL : find_function(s, node, &receiver);
    if (builtin)
        return function_expr(s, builtin, true, node->span);
    if (!is_refused(s, node) && !s->checker->options->damaged && !s->checker->names_missing)
        unknown_name(s, node);
    return texpr_poison(s, node->span);
}

/* ---- attributes ---------------------------------------------------------------------------- */

static const Import *find_import(Checker *c, Name name) {
    for (int i = 0; i < c->imports.count; i++)
        if (c->imports.data[i].name == name)
            return &c->imports.data[i];
    return NULL;
}

static const char *module_of(Scope *s, const Ast *node) {
    if (node->kind != AST_NAME || scope_find(s, node->as.name.id))
        return NULL;
    const Import *import = find_import(s->checker, node->as.name.id);
    return import && !import->function ? import->module : NULL;
}

bool is_grid(Scope *s, const Ast *attribute) {
    const char *module = module_of(s, attribute->as.attribute.value), *name = attribute->as.attribute.name;
    return module && !strcmp(module, "np") && (!strcmp(name, "mgrid") || !strcmp(name, "ogrid"));
}

const FunctionInfo *find_function(Scope *s, const Ast *callee, const Ast **receiver) {
    *receiver = NULL;
    if (callee->kind == AST_NAME) {
        const Import *import = find_import(s->checker, callee->as.name.id);
        if (scope_find(s, callee->as.name.id))
            return NULL;
        return import ? import->function : function_find("builtins", callee->as.name.id);
    }
    if (callee->kind != AST_ATTRIBUTE)
        return NULL;
    const char *module = module_of(s, callee->as.attribute.value);
    if (module)
        return function_find(module, callee->as.attribute.name);
    *receiver = callee->as.attribute.value;
    return function_find("array", callee->as.attribute.name);
}

static TExpr *module_constant(Scope *s, const char *module, const Ast *node) {
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", 3.14159265358979323846}, {"e", 2.7182818284590452354},
                     {"inf", INFINITY},              {"nan", NAN},
                     {"tau", 6.28318530717958647692}};
    Name name = node->as.attribute.name;
    DType dtype;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (!strcmp(name, constants[i].name))
            return texpr_constant(s, DTYPE_F64, true, (Scalar){.f = constants[i].value}, node->span);
    if (!strcmp(module, "sys") && !strcmp(name, "argv"))
        return texpr_runtime(s, "mnp_list_arguments", NULL, 0,
                             type_list(s->checker, type_simple(s->checker, TYPE_STRING)), node->span);
    if (!strcmp(module, "np") && !strcmp(name, "newaxis"))
        return texpr_new(s, TEXPR_NONE, node->span, type_simple(s->checker, TYPE_NONE));
    if (!strcmp(module, "np") && (!strcmp(name, "float16") || !strcmp(name, "half"))) {
        diag_unsupported(node->span, "float16", "np.float32");
        return texpr_poison(s, node->span);
    }
    if (!strcmp(module, "np") && dtype_by_name(name, &dtype) && strcmp(name, dtype_info(dtype)->name))
        return dtype_new(s, dtype, false, node->span);
    if (!strcmp(module, "np") && !strcmp(name, "bool"))
        return dtype_new(s, DTYPE_BOOL, false, node->span);
    if (function_find(module, name))
        return function_expr(s, function_find(module, name), true, node->span);
    near_module(s, module, node);
    return texpr_poison(s, node->span);
}

/* What scalars of NumPy's and arrays have, and the parts of all numbers; NULL for other attributes. */
static TExpr *number_attribute(Scope *s, TExpr *value, Name name, Span span) {
    const Type *type = value->type;
    bool strong = type->kind == TYPE_ARRAY || !type->weak, scalar = type->kind == TYPE_SCALAR;
    Size bytes = size_const(dtype_info(type->dtype)->bytes);
    if (strong && !strcmp(name, "dtype"))
        return dtype_new(s, type->dtype, true, span);
    if (strong && !strcmp(name, "itemsize"))
        return texpr_size(s, bytes, value, span);
    for (int axis = 0; !scalar && axis < type->rank; axis++)
        bytes = size_mul(bytes, type->shape[axis]);
    if (strong && !strcmp(name, "nbytes"))
        return texpr_size(s, bytes, value, span);
    if (scalar && strong && (!strcmp(name, "ndim") || !strcmp(name, "size")))
        return texpr_int(s, !strcmp(name, "size"), span);
    if (!strcmp(name, "real"))
        return scalar || dtype_is_complex(type->dtype) ? make_op(s, OP_REAL, &value, span) : value;
    return !strcmp(name, "imag") ? make_op(s, OP_IMAG, &value, span) : NULL;
}

static TExpr *check_attribute(Scope *s, const Ast *node) {
    const char *module = module_of(s, node->as.attribute.value);
    if (module)
        return module_constant(s, module, node);
    const Ast *of = node->as.attribute.value;
    if (of->kind == AST_ATTRIBUTE && !strcmp(of->as.attribute.name, "flags"))
        return check_flags(s, of, node->as.attribute.name, node->span);
    TExpr *value = check_value(s, of);
    Name name = node->as.attribute.name;
    if (is_poison(value))
        return value;
    if (value->type->kind == TYPE_DTYPE)
        return dtype_attribute(s, value, name, node->as.attribute.name_span);
    if (type_is_number(value->type)) {
        TExpr *number = number_attribute(s, value, name, node->span);
        if (number)
            return number;
    }
    if (value->type->kind == TYPE_ARRAY)
        return array_attribute(s, value, node);
    TExpr *part = value->type->kind == TYPE_RANGE ? range_attribute(s, value, name, node->span) : NULL;
    if (part)
        return part;
    near_attribute(s, value->type, name, node->as.attribute.name_span);
    return texpr_poison(s, node->span);
}

/* ---- literals and operators ---------------------------------------------------------------- */

static TExpr *check_integer(Scope *s, const Ast *node) {
    if (node->as.integer.too_big) {
        diag_help(diag_error(node->span, DIAG_BAD_NUMBER, "an int has at most 64 bits"), "write a float, as in 1e20");
        return texpr_poison(s, node->span);
    }
    return texpr_int(s, node->as.integer.value, node->span);
}

static TExpr *check_not(Scope *s, const Ast *node) {
    TExpr *truth = check_test(s, node->as.unary.operand);
    if (is_poison(truth))
        return truth;
    if (truth->kind == TEXPR_CONST)
        return texpr_bool(s, !truth->as.constant.i, node->span);
    truth = texpr_cast(s, truth, DTYPE_BOOL, true);
    return make_op(s, OP_NOT, &truth, node->span);
}

/* The one literal that fits 64 bits with its sign only. */
static bool is_two_to_63(const Ast *node) {
    return node->kind == AST_INT && node->as.integer.fits_unsigned && node->as.integer.value == INT64_MIN;
}

/* +True is 1; NumPy's bools have no plus. */
static TExpr *check_plus(Scope *s, TExpr *operand, Span span) {
    bool number = type_is_number(operand->type), truth = number && operand->type->dtype == DTYPE_BOOL;
    if (truth && operand->type->kind == TYPE_SCALAR && operand->type->weak)
        return texpr_cast(s, operand, DTYPE_I64, true);
    if (number && !truth)
        return operand;
    diag_error(span, DIAG_BAD_OPERANDS, "'+' does not take %s", type_print(s->checker->arena, operand->type));
    return texpr_poison(s, span);
}

/* The operator of the node, for an operand that is checked. */
static TExpr *unary_of(Scope *s, TExpr *operand, void *user) {
    const Ast *node = user;
    int64_t value;
    switch ((int)node->as.unary.op) {
    case AST_OP_NEG:
        if (operand->kind == TEXPR_CONST && constant_int(operand, &value) && value != INT64_MIN)
            return texpr_int(s, -value, node->span);
        return make_op(s, OP_NEG, &operand, node->span);
    case AST_OP_INVERT:
        return make_op(s, OP_INVERT, &operand, node->span);
    default:
        return check_plus(s, operand, node->span);
    }
}

static TExpr *check_unary(Scope *s, const Ast *node) {
    if (node->as.unary.op == AST_OP_NOT)
        return check_not(s, node);
    if (node->as.unary.op == AST_OP_NEG && is_two_to_63(node->as.unary.operand))
        return texpr_int(s, INT64_MIN, node->span);
    TExpr *operand = check_expr(s, node->as.unary.operand);
    return is_poison(operand) ? operand : either_each(s, operand, unary_of, (void *)node, node->span);
}

typedef VEC(TExpr *) Items;

/* A starred item's items. */
static bool add_starred(Scope *s, const Ast *node, Items *items) {
    TExpr *value = check_expr(s, node->as.starred.value);
    if (is_poison(value))
        return false;
    if (value->type->kind != TYPE_TUPLE) {
        diag_unsupported(node->span, "unpacking this into a tuple", "a tuple");
        return false;
    }
    value = texpr_shared(s, value);
    for (int i = 0; i < value->type->count; i++)
        VEC_PUSH(s->checker->arena, *items, tuple_item(s, value, i, node->span));
    return true;
}

static TExpr *check_tuple(Scope *s, const Ast *node) {
    Items items = {0};
    for (const Ast *item = node->as.list.items; item; item = item->next) {
        TExpr *value = item->kind == AST_STARRED ? NULL : check_expr(s, item);
        if (value ? is_poison(value) : !add_starred(s, item, &items))
            return texpr_poison(s, node->span);
        if (value)
            VEC_PUSH(s->checker->arena, items, value);
    }
    return tuple_of(s, items.data, items.count, node->span);
}

/* x := value, where every path to what follows meets it. */
static TExpr *check_walrus(Scope *s, const Ast *node) {
    TExpr *value = check_expr(s, node->as.walrus.value);
    if (is_poison(value) || s->branches || node->as.walrus.target->kind != AST_NAME) {
        if (!is_poison(value))
            diag_unsupported(node->span, "a := that is met on some paths only", "an assignment before");
        return texpr_poison(s, node->span);
    }
    Name name = assigned_name(s, node->as.walrus.target->as.name.id);
    Variable *variable = variable_new(s, name, value->type, value->size, node->span);
    TExpr *expr = texpr_new(s, TEXPR_BIND, node->span, value->type);
    expr->size = value->size;
    expr->as.bind.value = value;
    expr->as.bind.variable = variable;
    scope_bind(s, name, variable);
    return texpr_once(s, expr);
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static TExpr *check_kind(Scope *s, const Ast *node) {
    switch ((int)node->kind) {
    case AST_NAME: return check_name(s, node);
    case AST_INT: return check_integer(s, node);
    case AST_FLOAT:
        return texpr_constant(s, DTYPE_F64, true, (Scalar){.f = node->as.number.value}, node->span);
    case AST_IMAGINARY:
        return texpr_constant(s, DTYPE_C128, true, (Scalar){.re = 0, .im = node->as.number.value}, node->span);
    case AST_TRUE:
    case AST_FALSE:
        return texpr_bool(s, node->kind == AST_TRUE, node->span);
    case AST_NONE: return texpr_new(s, TEXPR_NONE, node->span, type_simple(s->checker, TYPE_NONE));
    case AST_STRING: return check_string(s, node);
    case AST_FSTRING: return check_fstring(s, node);
    case AST_TUPLE: return check_tuple(s, node);
    case AST_LIST: return check_list(s, node);
    case AST_COMPREHENSION: return check_comprehension(s, node);
    case AST_UNARY: return check_unary(s, node);
    case AST_BINARY: {
        TExpr *text = check_percent(s, node);
        if (text)
            return text;
        TExpr *left = check_expr(s, node->as.binary.left);
        TExpr *right = check_expr(s, node->as.binary.right);
        return check_binary(s, node->as.binary.op, left, right, node->span);
    }
    case AST_COMPARE: return check_compare(s, node, false);
    case AST_BOOLEAN: return check_boolean(s, node, false);
    case AST_CONDITIONAL: return check_conditional(s, node);
    case AST_CALL: return check_call(s, node);
    case AST_LAMBDA: return check_lambda(s, node);
    case AST_WALRUS: return check_walrus(s, node);
    case AST_INDEX: return check_index(s, node);
    case AST_ATTRIBUTE: return check_attribute(s, node);
    case AST_ERROR: return texpr_poison(s, node->span);
    default: return refuse_expr(s, node);
    }
}

TExpr *check_value(Scope *s, const Ast *node) {
    TExpr *value = either_value(s, check_expr(s, node));
    bool ints = value->type->kind == TYPE_EITHER;
    for (int i = 1; ints && i < value->type->count; i++)
        ints = type_is_int(value->type->items[i]);
    return ints ? texpr_cast(s, value, DTYPE_I64, true) : value;
}

TExpr *check_expr(Scope *s, const Ast *node) {
    TCheck **outer = s->checks, *checks = NULL;
    s->checks = &checks;
    TExpr *expr = check_kind(s, node);
    s->checks = outer;
    texpr_add_checks(expr, checks);
    return expr;
}
