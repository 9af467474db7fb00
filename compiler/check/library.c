/* library.c: functions of NumPy that are written in the language (stdlib/numpy.mnp, whose text is in the compiler).
 *
 * The file is read when the first of them is called. Its functions are entries like the program's own, under names that
 * no program has: `sort` is `_np.sort`; inside the file names of its functions, and `np`, are renamed alike. Options that
 * are strings or True choose a function by its name: searchsorted(a, v, side='right') is `searchsorted_right`. */
#include "check/call.h"

extern const char stdlib_numpy_text[];

static const char prefix[] = "_np.";

static Name inner_name(Checker *c, const char *name) {
    return name_of(arena_printf(c->arena, "%s%s", prefix, name));
}

bool is_library_entry(const FunctionEntry *entry) {
    return !strncmp(entry->name, prefix, sizeof prefix - 1);
}

typedef struct {
    Checker *checker;
    const Ast *functions;
} Renaming;

static bool is_library_name(const Renaming *renaming, Name name) {
    for (const Ast *node = renaming->functions; node; node = node->next)
        if (node->kind == AST_FUNCTION && node->as.function.name == name)
            return true;
    return !strcmp(name, "np");
}

/* Callees, and `np`: variables of the file may have a function's name. */
static void rename_inside(const char *role, const Ast *child, void *user) {
    Renaming *renaming = user;
    const Ast *name = child->kind == AST_CALL        ? child->as.call.callee
                      : child->kind == AST_ATTRIBUTE ? child->as.attribute.value
                                                     : NULL;
    (void)role;
    if (name && name->kind == AST_NAME && is_library_name(renaming, name->as.name.id))
        ((Ast *)name)->as.name.id = inner_name(renaming->checker, name->as.name.id);
    ast_visit(child, rename_inside, user);
}

static void read_library(Checker *c) {
    static const char path[] = "numpy.mnp";
    uint32_t file = source_from_library(path, stdlib_numpy_text, strlen(stdlib_numpy_text));
    Ast *statements = parse_file(c->arena, file);
    Renaming renaming = {c, statements};
    Import numpy = {inner_name(c, "np"), "np", NULL};
    VEC_PUSH(c->arena, c->imports, numpy);
    for (const Ast *node = statements; node; node = node->next)
        if (node->kind == AST_FUNCTION)
            ast_visit(node, rename_inside, &renaming);
    for (Ast *node = statements; node; node = node->next) {
        if (node->kind != AST_FUNCTION)
            continue;
        node->as.function.name = inner_name(c, node->as.function.name);
        FunctionEntry *entry = ARENA_NEW(c->arena, FunctionEntry);
        entry->name = node->as.function.name;
        entry->definition = node;
        entry->defined = true;
        VEC_PUSH(c->arena, c->functions, entry);
    }
    find_all_globals(c);
}

FunctionEntry *library_entry(Checker *c, const char *name) {
    if (!c->library_read)
        read_library(c);
    c->library_read = true;
    return find_entry(c, inner_name(c, name));
}

/* ---- calls --------------------------------------------------------------------------------- */

/* The default of the k-th parameter of a row, as written; "" where it has none. */
static const char *default_of(const FunctionInfo *info, int k, int *length) {
    const char *at = info->parameters;
    for (; k > 0; k--)
        at = strstr(at, ", ") + 2;
    const char *end = strchr(at, ','), *equals = strchr(at, '=');
    end = end ? end : at + strlen(at);
    *length = equals && equals < end ? (int)(end - equals - 1) : 0;
    return *length ? equals + 1 : "";
}

static const char *parameter_text(const FunctionInfo *info, int k, int *length) {
    const char *at = info->parameters;
    for (; k > 0; k--)
        at = strstr(at, ", ") + 2;
    *length = (int)strcspn(at, ",= ");
    return at;
}

static bool takes_constant(const FunctionEntry *entry, const char *name, int length) {
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        if (is_constant_parameter(p) && (int)strlen(p->as.parameter.name) == length &&
            !strncmp(p->as.parameter.name, name, (size_t)length))
            return true;
    return false;
}

/* What the options add to the function's name, but for those that it takes as constants; NULL after an error. */
static const char *name_of_options(Call *call) {
    Arena *arena = call->scope->checker->arena;
    const char *name = call->info->name;
    const FunctionEntry *plain = library_entry(call->scope->checker, name);
    for (int k = 0; k < call->count; k++) {
        int length, size;
        const char *standard = default_of(call->info, k, &length);
        bool text = *standard == '\'', flag = !strncmp(standard, "False", 5), set;
        const char *parameter = parameter_text(call->info, k, &size);
        if ((!text && !flag) || (plain && takes_constant(plain, parameter, size)))
            continue;
        if (text) {
            const char *option = call_option(call, k, arena_strndup(arena, standard + 1, (size_t)length - 2));
            if (!option)
                return NULL;
            name = *option ? arena_printf(arena, "%s_%s", name, option) : name;
            continue;
        }
        if (!call_flag(call, k, false, &set))
            return NULL;
        name = set ? arena_printf(arena, "%s_%.*s", name, size, parameter) : name;
    }
    return name;
}

/* The value for a parameter of the definition: the row's argument of that name, or the definition's default. */
static TExpr *value_for(Call *call, const Ast *parameter) {
    for (int k = 0; k < call->count; k++) {
        int length;
        const char *name = parameter_text(call->info, k, &length);
        if ((int)strlen(parameter->as.parameter.name) != length || strncmp(parameter->as.parameter.name, name, (size_t)length))
            continue;
        if (!call->asts[k] && !call_given(call, k))
            break;
        const Ast *node = k || !call->receiver ? call->asts[k] : NULL;
        if (node && (node->kind == AST_TUPLE || is_constant_parameter(parameter)))
            return check_expr(call->scope, node);
        if (!call_given(call, k))
            break;
        TExpr *value = node && node->kind == AST_LIST ? array_of_ast(call->scope, node) : call_argument(call, k);
        return value->type->kind == TYPE_LIST ? list_to_array(call->scope, value, value->span) : value;
    }
    if (parameter->as.parameter.default_value)
        return check_expr(call->scope, parameter->as.parameter.default_value);
    diag_error(call->node->span, DIAG_BAD_CALL, "%s(%s) wants another argument", call->info->name, call->info->parameters);
    return call_poison(call);
}

static bool takes_value(Call *call, const TExpr *value, const Ast *parameter) {
    TypeKind kind = value->type->kind;
    if (is_poison(value) || is_constant_parameter(parameter))
        return !is_poison(value);
    if (kind == TYPE_ARRAY || kind == TYPE_SCALAR || kind == TYPE_NONE || kind == TYPE_TUPLE)
        return true;
    call_wrong(call, (TExpr *)value, "arrays and numbers");
    return false;
}

static FunctionEntry *entry_of(Call *call, const char *name) {
    FunctionEntry *entry = library_entry(call->scope->checker, name);
    if (!entry)
        diag_unsupported(call->node->span, arena_printf(call->scope->checker->arena, "%s with these options", call->info->name),
                         "it with the options that 'mnp ops' shows, one at a time");
    return entry;
}

/* Row: LIBRARY. */
TExpr *check_library(Call *call) {
    const char *name = name_of_options(call);
    FunctionEntry *entry = name ? entry_of(call, name) : NULL;
    TExpr *values[ARGUMENTS_MAX];
    int count = 0;
    if (!entry)
        return call_poison(call);
    for (const Ast *p = entry->definition->as.function.parameters; p && count < ARGUMENTS_MAX; p = p->next) {
        values[count] = value_for(call, p);
        if (!takes_value(call, values[count], p))
            return call_poison(call);
        if (values[count]->type->kind == TYPE_ARRAY)
            values[count] = texpr_decay(call->scope, values[count]);
        count++;
    }
    TExpr **copy = ARENA_ARRAY(call->scope->checker->arena, TExpr *, count + 1);
    memcpy(copy, values, sizeof(TExpr *) * (size_t)count);
    return call_entry(call->scope, entry, copy, count, call->node->span);
}

TExpr *library_call(Scope *s, const char *name, TExpr **values, int count, Span span) {
    TExpr **copy = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    memcpy(copy, values, sizeof(TExpr *) * (size_t)count);
    return call_entry(s, library_entry(s->checker, name), copy, count, span);
}

/* The axis, the k-th argument, is None or left out where None is the default. */
static bool axis_is_none(Call *call, int k) {
    int length;
    if (call->asts[k])
        return call->asts[k]->kind == AST_NONE;
    return !strncmp(default_of(call->info, k, &length), "None", 4);
}

/* The axes along which a row's function works. */
typedef struct {
    int rank, count, axes[TYPED_RANK_MAX], order[TYPED_RANK_MAX];   /* order: the other axes, then these */
    Size shape[TYPED_RANK_MAX];
    bool keepdims;
} Rows;

static bool is_along(const Rows *rows, int axis) {
    for (int i = 0; i < rows->count; i++)
        if (rows->axes[i] == axis)
            return true;
    return false;
}

static void order_axes(Rows *rows) {
    int used = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int axis = 0; axis < rows->rank; axis++)
            if (is_along(rows, axis) == pass)
                rows->order[used++] = axis;
}

/* The array as (rows, n) with the axes last, and the other arguments; the call of `name_rows`. */
static TExpr *call_rows(Call *call, TExpr *array, const Rows *rows) {
    Scope *s = call->scope;
    Span span = call->node->span;
    int rank = array->type->rank, count = 1;
    array = view_permuted(s, array, rows->order, span);
    Size shape[2] = {size_const(1), size_const(1)};
    for (int i = 0; i < rank; i++)
        shape[i >= rank - rows->count] = size_mul(shape[i >= rank - rows->count], array->type->shape[i]);
    TExpr *values[ARGUMENTS_MAX] = {view_reshaped(s, array, 2, shape, true, span)};
    const char *name = arena_printf(s->checker->arena, "%s_rows", call->info->name);
    FunctionEntry *entry = library_entry(s->checker, name);
    for (const Ast *p = entry->definition->as.function.parameters->next; p && count < ARGUMENTS_MAX; p = p->next) {
        values[count] = value_for(call, p);
        if (!takes_value(call, values[count++], p))
            return call_poison(call);
    }
    return library_call(s, name, values, count, span);
}

/* The shape without the axes, or with one element along each; its rank. */
static int shape_without(const Rows *rows, Size *shape) {
    int rank = 0;
    for (int i = 0; i < rows->rank; i++)
        if (!is_along(rows, i) || rows->keepdims)
            shape[rank++] = is_along(rows, i) ? size_const(1) : rows->shape[i];
    return rank;
}

/* Each row became one number. */
static TExpr *without_axis(Call *call, TExpr *result, const Rows *rows) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int rank = shape_without(rows, shape);
    return rank ? view_reshaped(s, result, rank, shape, false, call->node->span)
                : array_row(s, result, texpr_int(s, 0, call->node->span), call->node->span);
}

/* Each row became several numbers, whose axis comes first. */
static TExpr *with_axis_first(Call *call, TExpr *result, const Rows *rows) {
    Scope *s = call->scope;
    Span span = call->node->span;
    Size shape[TYPED_RANK_MAX + 1];
    int rank = shape_without(rows, shape) + 1, order[TYPED_RANK_MAX + 1];
    if (rank > TYPED_RANK_MAX) {
        diag_unsupported(span, "an array of rank above 8", NULL);
        return call_poison(call);
    }
    shape[rank - 1] = result->type->shape[1];
    result = view_reshaped(s, result, rank, shape, false, span);
    for (int i = 0; i < rank; i++)
        order[i] = i ? i - 1 : rank - 1;
    return rank == 1 ? result : copy_of(s, view_permuted(s, result, order, span), result->type->dtype, span);
}

/* Each row became another one of any length. */
static TExpr *with_axis(Call *call, TExpr *result, const Rows *rows) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int rank = rows->rank, axis = rows->axes[0], order[TYPED_RANK_MAX], from = 0;
    for (int i = 0; i < rank; i++)
        if (i != axis)
            shape[from++] = rows->shape[i];
    shape[rank - 1] = result->type->shape[1];
    result = view_reshaped(s, result, rank, shape, false, call->node->span);
    for (int i = 0; i < rank; i++)
        order[i] = i == axis ? rank - 1 : i < axis ? i : i - 1;
    return axis == rank - 1 ? result
                            : copy_of(s, view_permuted(s, result, order, call->node->span), result->type->dtype, call->node->span);
}

/* All of them are the stable one here. False after an error. */
static bool takes_kind(Call *call) {
    static const char *const kinds[] = {"quicksort", "mergesort", "heapsort", "stable"};
    int k = call_place(call, "kind");
    if (k < 0 || !call_given(call, k))
        return true;
    const char *kind = call_option(call, k, "stable");
    for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kind, kinds[i]))
            return true;
    if (kind)
        diag_error(call->node->span, DIAG_ALWAYS_FAILS, "'%s' is no kind of sorting: quicksort, mergesort, heapsort and "
                   "stable are (ValueError)", kind);
    return false;
}

/* Which axes; all elements are one row where axis is None. False after an error. */
static bool find_rows(Call *call, TExpr **array, Rows *rows) {
    int at = call_place(call, "axis");
    bool flat = axis_is_none(call, at);
    *rows = (Rows){.rank = (*array)->type->rank};
    if (call_place(call, "keepdims") >= 0 && !call_flag_named(call, "keepdims", false, &rows->keepdims))
        return false;
    for (int i = 0; i < rows->rank; i++)
        rows->axes[i] = i;
    memcpy(rows->shape, (*array)->type->shape, sizeof rows->shape);
    if (flat && (call_place(call, "keepdims") < 0 || !rows->rank)) {
        *array = view_raveled(call->scope, *array, call->node->span);
        *rows = (Rows){.rank = 1};
        rows->shape[0] = (*array)->type->shape[0];
    }
    if (!flat && !rows->rank)
        return call_wrong(call, *array, "an array of rank 1 or more"), false;
    if (flat)
        rows->count = rows->rank;
    else if (call->asts[at])
        rows->count = call_axes(call, at, rows->rank, rows->axes);
    else
        rows->axes[0] = rows->rank - 1, rows->count = 1;
    if (rows->count > 1 && call_place(call, "keepdims") < 0)
        return diag_error(call->asts[at]->span, DIAG_NEEDS_CONSTANT, "an axis is a constant int"), false;
    order_axes(rows);
    return rows->count > 0;
}

/* Row: LIBRARY_ROWS, with an `axis`: `name_rows` works on the rows of a matrix, and gives one number a row, or rows. */
TExpr *check_library_rows(Call *call) {
    TExpr *array = call_array_like(call, 0);
    Rows rows;
    if (is_poison(array) || !takes_kind(call) || !find_rows(call, &array, &rows))
        return call_poison(call);
    TExpr *result = call_rows(call, array, &rows);
    if (is_poison(result))
        return result;
    if (result->type->rank == 1)
        return without_axis(call, result, &rows);
    return call->info->op == 1 ? with_axis_first(call, result, &rows) : with_axis(call, result, &rows);
}
