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
    uint32_t file = source_from_text(path, stdlib_numpy_text, strlen(stdlib_numpy_text));
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

/* What the options add to the function's name; NULL after an error. */
static const char *name_of_options(Call *call) {
    Arena *arena = call->scope->checker->arena;
    const char *name = call->info->name;
    for (int k = 0; k < call->count; k++) {
        int length, size;
        const char *standard = default_of(call->info, k, &length);
        bool text = *standard == '\'', flag = !strncmp(standard, "False", 5), set;
        if (!text && !flag)
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
        const char *parameter = parameter_text(call->info, k, &size);
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
        if (!call_given(call, k))
            break;
        const Ast *node = k || !call->receiver ? call->asts[k] : NULL;
        if (node && node->kind == AST_TUPLE)
            return check_expr(call->scope, node);
        return node && node->kind == AST_LIST ? array_of_ast(call->scope, node) : call_argument(call, k);
    }
    if (parameter->as.parameter.default_value)
        return check_expr(call->scope, parameter->as.parameter.default_value);
    diag_error(call->node->span, DIAG_BAD_CALL, "%s(%s) wants another argument", call->info->name, call->info->parameters);
    return call_poison(call);
}

static bool takes_value(Call *call, const TExpr *value) {
    TypeKind kind = value->type->kind;
    if (is_poison(value))
        return false;
    if (kind == TYPE_ARRAY || kind == TYPE_SCALAR || kind == TYPE_NONE || kind == TYPE_TUPLE)
        return true;
    call_wrong(call, (TExpr *)value, "arrays and numbers");
    return false;
}

static FunctionEntry *entry_of(Call *call, const char *name) {
    FunctionEntry *entry = library_entry(call->scope->checker, name);
    if (!entry)
        diag_unsupported(call->node->span, arena_printf(call->scope->checker->arena, "%s with these options", call->info->name),
                         NULL);
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
        if (!takes_value(call, values[count]))
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

/* The array as (rows, n) with the axis last, and the other arguments; the call of `name_rows`. */
static TExpr *call_rows(Call *call, TExpr *array, const int *order) {
    Scope *s = call->scope;
    Span span = call->node->span;
    int rank = array->type->rank, count = 1;
    array = view_permuted(s, array, order, span);
    Size shape[2] = {size_const(1), array->type->shape[rank - 1]};
    for (int i = 0; i < rank - 1; i++)
        shape[0] = size_mul(shape[0], array->type->shape[i]);
    TExpr *values[ARGUMENTS_MAX] = {view_reshaped(s, array, 2, shape, true, span)};
    const char *name = arena_printf(s->checker->arena, "%s_rows", call->info->name);
    FunctionEntry *entry = library_entry(s->checker, name);
    for (const Ast *p = entry->definition->as.function.parameters->next; p && count < ARGUMENTS_MAX; p = p->next) {
        values[count] = value_for(call, p);
        if (!takes_value(call, values[count++]))
            return call_poison(call);
    }
    return library_call(s, name, values, count, span);
}

/* Each row became one number. */
static TExpr *without_axis(Call *call, TExpr *result, const Type *type, int axis, bool keepdims) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int rank = 0;
    for (int i = 0; i < type->rank; i++)
        if (i != axis || keepdims)
            shape[rank++] = i == axis ? size_const(1) : type->shape[i];
    return rank ? view_reshaped(s, result, rank, shape, false, call->node->span)
                : array_row(s, result, texpr_int(s, 0, call->node->span), call->node->span);
}

/* Each row became another one of any length; `front`: its axis comes first. */
static TExpr *with_axis(Call *call, TExpr *result, const Type *type, int axis, bool front) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    int rank = type->rank, order[TYPED_RANK_MAX], from = 0;
    for (int i = 0; i < rank; i++)
        if (i != axis)
            shape[from++] = type->shape[i];
    shape[rank - 1] = result->type->shape[1];
    result = view_reshaped(s, result, rank, shape, false, call->node->span);
    if (front)
        axis = 0;
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

/* Row: LIBRARY_ROWS, with an `axis`: `name_rows` works on the rows of a matrix, and gives one number a row, or rows. */
TExpr *check_library_rows(Call *call) {
    Scope *s = call->scope;
    TExpr *array = call_array_like(call, 0);
    int at = call_place(call, "axis"), rank = is_poison(array) ? 0 : array->type->rank, order[TYPED_RANK_MAX];
    bool keepdims = false, flat = axis_is_none(call, at);
    if (is_poison(array) || !takes_kind(call) || (call_place(call, "keepdims") >= 0 && !call_flag_named(call, "keepdims", false, &keepdims)))
        return call_poison(call);
    Type whole = *array->type;
    for (int i = 0; i < rank; i++)
        whole.shape[i] = flat ? size_const(1) : whole.shape[i];
    if (flat) {
        array = view_raveled(s, array, call->node->span);
        whole = keepdims ? whole : *array->type;
        rank = 1;
    }
    int axis = flat ? 0 : call_axis(call, at, rank, rank - 1);
    if (axis < 0)
        return rank ? call_poison(call) : call_wrong(call, array, "an array of rank 1 or more");
    for (int i = 0; i < rank; i++)
        order[i] = i == rank - 1 ? axis : i < axis ? i : i + 1;
    TExpr *result = call_rows(call, array, order);
    if (is_poison(result))
        return result;
    if (result->type->rank == 1)
        return without_axis(call, result, &whole, axis, keepdims);
    if (keepdims) {
        diag_unsupported(call->node->span, "keepdims of several results", "np.expand_dims");
        return call_poison(call);
    }
    return with_axis(call, result, &whole, axis, call->info->op == 1);
}
