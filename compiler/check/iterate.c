/* iterate.c: what a for goes over besides range and arrays: lists, strings, tuples, zip, enumerate, reversed, map.
 *
 * A Source says how many items there are and gives the item at a place, so that such a loop is a counted one. A list
 * that may change its length in the loop's body is asked for it each round, as Python does. */
#include "check/either.h"
#include "check/sequence.h"

static TExpr *keep(Scope *s, TExpr *value) {
    if (is_poison(value) || value->kind == TEXPR_CONST || value->kind == TEXPR_VARIABLE)
        return value;
    return variable_expr(s, assign_new(s, NULL, value, value->span), value->span);
}

static TExpr *int_op(Scope *s, Op op, TExpr *a, TExpr *b) {
    TExpr *operands[] = {a, b};
    return make_op(s, op, operands, a->span);
}

/* ---- sources ------------------------------------------------------------------------------- */

static Source *unusable(Scope *s, TExpr *value) {
    if (!is_poison(value))
        diag_unsupported(value->span, arena_printf(s->checker->arena, "a loop over %s",
                                                   type_print(s->checker->arena, value->type)),
                         "range, an array or a list");
    return NULL;
}

/* The items of a tuple as a list, where they have one type. */
TExpr *tuple_as_list(Scope *s, TExpr *tuple) {
    TExpr *list = list_new(s, NULL, tuple->span), *shared = texpr_shared(s, tuple);
    list->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, tuple->type->count + 1);
    for (int i = 0; i < tuple->type->count; i++) {
        TExpr *item = tuple_item(s, shared, i, tuple->span);
        if (!fits_list(s, list, &item, tuple->span))
            return texpr_poison(s, tuple->span);
        list->as.tuple.items[list->as.tuple.count++] = item;
    }
    return list;
}

static TExpr *string_length(Scope *s, TExpr *text, Span span) {
    TExpr *length = texpr_runtime(s, "mnp_string_length", &text, 1, type_scalar(s->checker, DTYPE_I64, true), span);
    s->facts = facts_ge(s->checker->arena, s->facts, length->size, size_const(0), "lengths are not negative", span);
    return length;
}

static Source *source_of_range(Scope *s, TExpr *range) {
    Source *source = ARENA_NEW(s->checker->arena, Source);
    range = keep(s, range);
    *source = (Source){.kind = SOURCE_RANGE, .start = tuple_item(s, range, 0, range->span),
                       .step = tuple_item(s, range, 2, range->span)};
    source->length = keep(s, range_length(s, range, range->span));
    return source;
}

Source *source_of(Scope *s, TExpr *value) {
    Source *source = ARENA_NEW(s->checker->arena, Source);
    if (is_poison(value))
        return NULL;
    value = either_value(s, value);
    if (value->type->kind == TYPE_RANGE)
        return source_of_range(s, value);
    if (value->type->kind == TYPE_TUPLE)
        value = tuple_as_list(s, value);
    value = source->value = keep(s, value);
    if (is_poison(value))
        return NULL;
    source->kind = SOURCE_ITEMS;
    source->grows = value->type->kind == TYPE_LIST;
    if (value->type->kind == TYPE_LIST)
        source->length = list_length(s, value, value->span);
    else if (value->type->kind == TYPE_STRING)
        source->length = string_length(s, value, value->span);
    else if (value->type->kind == TYPE_ARRAY && value->type->rank)
        source->length = texpr_size(s, value->type->shape[0], value, value->span);
    else
        return unusable(s, value);
    return source;
}

static Source *wrong_call(const Ast *node) {
    diag_error(node->span, DIAG_BAD_CALL, "this call does not take these arguments");
    return NULL;
}

/* The number of rounds of range(start, stop, step). */
static TExpr *count_of_range(Scope *s, TExpr *start, TExpr *stop, TExpr *step, Span span) {
    int64_t by;
    TExpr *zero = texpr_int(s, 0, span), *arguments[] = {start, stop, step};
    if (constant_int(step, &by) && by == 1)
        return int_op(s, OP_MAXIMUM, int_op(s, OP_SUB, stop, start), zero);
    return texpr_runtime(s, "mnp_range_length", arguments, 3, type_scalar(s->checker, DTYPE_I64, true), span);
}

static Source *range_source(Scope *s, const Ast *node) {
    Source *source = ARENA_NEW(s->checker->arena, Source);
    TExpr *values[3] = {NULL, NULL, NULL};
    int count = 0;
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next) {
        TExpr *value = count < 3 && arg->kind != AST_KEYWORD ? check_value(s, arg) : NULL;
        if (!value || (!is_poison(value) && !type_is_int(value->type)))
            return wrong_call(node);
        if (is_poison(value))
            return NULL;
        values[count++] = keep(s, texpr_cast(s, value, DTYPE_I64, true));
    }
    if (!count)
        return wrong_call(node);
    source->kind = SOURCE_RANGE;
    source->start = count == 1 ? texpr_int(s, 0, node->span) : values[0];
    source->step = count == 3 ? values[2] : texpr_int(s, 1, node->span);
    source->length = count_of_range(s, source->start, values[count == 1 ? 0 : 1], source->step, node->span);
    return source;
}

static Source *zip_source(Scope *s, const Ast *node, const Ast *arg, SourceKind kind) {
    Source *source = ARENA_NEW(s->checker->arena, Source);
    source->kind = kind;
    for (; arg; arg = arg->next) {
        bool plain = arg->kind != AST_KEYWORD && arg->kind != AST_STARRED;
        Source *part = plain ? source_new(s, arg) : wrong_call(node);
        if (!part)
            return NULL;
        VEC_PUSH(s->checker->arena, source->parts, part);
        source->grows |= part->grows;
        source->length = source->parts.count == 1 ? part->length
                                            : int_op(s, OP_MINIMUM, source->length, part->length);
    }
    return source->parts.count ? source : wrong_call(node);
}

static Source *wrap(Scope *s, SourceKind kind, Source *part) {
    Source *source = ARENA_NEW(s->checker->arena, Source);
    if (!part)
        return NULL;
    *source = (Source){.kind = kind, .length = part->length, .grows = part->grows};
    VEC_PUSH(s->checker->arena, source->parts, part);
    return source;
}

Source *enumerate_source(Scope *s, Source *part, TExpr *start) {
    Source *source = wrap(s, SOURCE_ENUMERATE, part);
    if (source)
        source->start = start;
    return source;
}

static Source *enumerate_call(Scope *s, const Ast *node, const Ast *arg) {
    const Ast *first = arg ? arg->next : NULL;
    if (!arg || arg->kind == AST_KEYWORD || (first && first->next))
        return wrong_call(node);
    Source *source = enumerate_source(s, source_new(s, arg), NULL);
    if (!source || !first)
        return source;
    bool keyword = first->kind == AST_KEYWORD && !strcmp(first->as.keyword.name, "start");
    TExpr *start = check_expr(s, keyword ? first->as.keyword.value : first);
    if (is_poison(start) || !type_is_python_int(start->type))
        return wrong_call(node);
    source->start = keep(s, start);
    return source;
}

static Source *reversed_source(Scope *s, const Ast *node, const Ast *arg) {
    if (!arg || arg->next || arg->kind == AST_KEYWORD)
        return wrong_call(node);
    Source *source = wrap(s, SOURCE_REVERSED, source_new(s, arg));
    if (source)
        source->grows = false;
    return source;
}

static Source *map_source(Scope *s, const Ast *node, const Ast *arg) {
    if (!arg || !arg->next)
        return wrong_call(node);
    Source *source = zip_source(s, node, arg->next, SOURCE_MAP);
    if (source)
        source->function = arg;
    return source;
}

const char *sequence_call(Scope *s, const Ast *node) {
    const Ast *receiver;
    if (node->kind != AST_CALL || node->as.call.callee->kind != AST_NAME ||
        find_entry(s->checker, node->as.call.callee->as.name.id))
        return NULL;
    const FunctionInfo *info = find_function(s, node->as.call.callee, &receiver);
    bool sequence = info && (info->kind == FUNCTION_SEQUENCE || info->kind == FUNCTION_RANGE ||
                             info->kind == FUNCTION_ENUMERATE);
    return sequence ? info->name : NULL;
}

Source *source_new(Scope *s, const Ast *node) {
    const char *name = sequence_call(s, node);
    const Ast *arguments = name ? node->as.call.arguments : NULL;
    if (name && !strcmp(name, "range"))
        return range_source(s, node);
    if (name && !strcmp(name, "zip"))
        return zip_source(s, node, arguments, SOURCE_ZIP);
    if (name && !strcmp(name, "enumerate"))
        return enumerate_call(s, node, arguments);
    if (name && !strcmp(name, "reversed"))
        return reversed_source(s, node, arguments);
    if (name && !strcmp(name, "map"))
        return map_source(s, node, arguments);
    return source_of(s, check_expr(s, node));
}

/* ---- items --------------------------------------------------------------------------------- */

static TExpr *sequence_item(Scope *s, TExpr *value, TExpr *at, Span span) {
    if (value->type->kind == TYPE_LIST)
        return list_item(s, value, at, span);
    if (value->type->kind == TYPE_ARRAY)
        return array_row(s, value, at, span);
    TExpr *arguments[] = {value, at};
    return texpr_runtime(s, "mnp_string_item", arguments, 2, type_simple(s->checker, TYPE_STRING), span);
}

TExpr *source_item(Scope *s, const Source *source, TExpr *at, Span span) {
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, source->parts.count + 1), *place = at;
    if (source->kind == SOURCE_ITEMS)
        return sequence_item(s, source->value, at, span);
    if (source->kind == SOURCE_RANGE)
        return int_op(s, OP_ADD, source->start, int_op(s, OP_MUL, at, source->step));
    if (source->kind == SOURCE_REVERSED)
        place = keep(s, int_op(s, OP_SUB, int_op(s, OP_SUB, source->length, texpr_int(s, 1, span)), at));
    for (int i = 0; i < source->parts.count; i++)
        items[i] = source_item(s, source->parts.data[i], place, span);
    if (source->kind == SOURCE_REVERSED)
        return items[0];
    if (source->kind == SOURCE_MAP)
        return apply_function(s, source->function, items, source->parts.count, span);
    if (source->kind == SOURCE_ZIP)
        return tuple_of(s, items, source->parts.count, span);
    TExpr *both[] = {source->start ? int_op(s, OP_ADD, at, source->start) : at, items[0]};
    return tuple_of(s, both, 2, span);
}

/* True while the lists in the source have an item at the place. */
TExpr *source_more(Scope *s, const Source *source, TExpr *at, Span span) {
    TExpr *more = NULL;
    if (source->kind == SOURCE_ITEMS && source->value->type->kind == TYPE_LIST)
        return int_op(s, OP_LT, at, list_length(s, source->value, span));
    if (!source->parts.count)
        return int_op(s, OP_LT, at, source->length);
    for (int i = 0; i < source->parts.count; i++) {
        TExpr *part = source_more(s, source->parts.data[i], at, span);
        more = more ? int_op(s, OP_LOGICAL_AND, more, part) : part;
    }
    return more;
}

/* ---- bodies that change lists -------------------------------------------------------------- */

typedef struct {
    Scope *scope;
    int depth;
    bool changes;
} Changes;

static void look_for_changes(const char *role, const Ast *node, void *user) {
    static const char *const methods[] = {"append", "extend", "insert", "pop", "remove", "clear"};
    Changes *changes = user;
    (void)role;
    if (node->kind == AST_CALL && node->as.call.callee->kind == AST_ATTRIBUTE)
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
            changes->changes |= !strcmp(node->as.call.callee->as.attribute.name, methods[i]);
    if (node->kind == AST_CALL && node->as.call.callee->kind == AST_NAME) {
        FunctionEntry *entry = find_entry(changes->scope->checker, node->as.call.callee->as.name.id);
        if (entry && ++changes->depth > 8)
            changes->changes = true;
        if (entry && !changes->changes)
            ast_visit(entry->definition, look_for_changes, changes);
        changes->depth -= entry != NULL;
    }
    const Ast *value = node->kind == AST_AUGMENTED ? node->as.augmented.value : NULL;
    if (value && (node->as.augmented.op == AST_OP_ADD || node->as.augmented.op == AST_OP_MUL)) {
        const Ast *target = node->as.augmented.target;
        Binding *binding = target->kind == AST_NAME && !changes->depth ? scope_find(changes->scope, target->as.name.id)
                                                                       : NULL;
        bool scalar = binding && binding->variable && binding->variable->type->kind != TYPE_LIST;
        changes->changes |= !scalar && value->kind != AST_INT && value->kind != AST_FLOAT;
    }
    if (node->kind == AST_ASSIGN)
        for (const Ast *target = node->as.assign.targets; target; target = target->next)
            changes->changes |= target->kind == AST_INDEX && target->as.index.indices->kind == AST_SLICE;
    changes->changes |= node->kind == AST_DELETE;
    if (!changes->changes)
        ast_visit(node, look_for_changes, changes);
}

bool may_change_lists(Scope *s, const Ast *body) {
    Changes changes = {s, 0, false};
    for (; body && !changes.changes; body = body->next)
        look_for_changes("", body, &changes);
    return changes.changes;
}
