/* list.c: lists: literals, indexing, methods, operators. What a list does is done by functions of the runtime, which
 * are told by a TEXPR_RUNTIME. The elements of a list have one type; arrays among them keep dtype and rank only. */
#include "check/arguments.h"
#include "check/either.h"
#include "check/sequence.h"

TExpr *texpr_runtime(Scope *s, const char *symbol, TExpr **arguments, int count, const Type *type, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_RUNTIME, span, type);
    expr->as.runtime.symbol = symbol;
    expr->as.runtime.arguments = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    expr->as.runtime.as = ARENA_ARRAY(s->checker->arena, const Type *, count + 1);
    expr->as.runtime.count = count;
    for (int i = 0; i < count; i++) {
        expr->as.runtime.arguments[i] = arguments[i];
        if (is_poison(arguments[i]))
            return texpr_poison(s, span);
    }
    if (type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype))
        expr->size = size_fresh("element");
    return expr;
}

static const Type *type_none(Scope *s) {
    return type_simple(s->checker, TYPE_NONE);
}

static const Type *type_int(Scope *s) {
    return type_scalar(s->checker, DTYPE_I64, true);
}

static const Type *type_bool(Scope *s) {
    return type_scalar(s->checker, DTYPE_BOOL, true);
}

/* ---- elements ------------------------------------------------------------------------------ */

static bool is_kind(const Type *type) {
    return type->kind == TYPE_SCALAR ? !dtype_is_complex(type->dtype) : type->kind == TYPE_NONE || type->kind == TYPE_STRING;
}

/* The type of elements that are of the one or the other type, in a list; NULL where there is none. */
static const Type *common_element(Scope *s, const Type *a, const Type *b) {
    const Type *type = type_same(a, b, false) ? a : either_join(s, a, b);
    for (int i = 1; type && type->kind == TYPE_EITHER && i < type->count; i++)
        if (!is_kind(type->items[i]))
            return NULL;
    return type;
}

const Type *element_type(Scope *s, const Type *type, Span span) {
    Checker *c = s->checker;
    Size shape[TYPED_RANK_MAX];
    switch ((int)type->kind) {
    case TYPE_SCALAR:
        if (type->dtype == DTYPE_BOOL || dtype_is_integer(type->dtype) || dtype_is_float(type->dtype))
            return type;
        break;
    case TYPE_STRING: case TYPE_NONE: case TYPE_LIST: return type;
    case TYPE_ARRAY:
        for (int axis = 0; axis < type->rank; axis++)
            shape[axis] = size_fresh("size");
        return type_array(c, type->dtype, type->rank, shape, false);
    case TYPE_TUPLE: {
        const Type **items = ARENA_ARRAY(c->arena, const Type *, type->count + 1);
        for (int i = 0; i < type->count; i++)
            if (!(items[i] = element_type(s, type->items[i], span)))
                return NULL;
        return type_tuple(c, items, type->count);
    }
    case TYPE_EITHER:
        if (common_element(s, type, type))
            return type;
        break;
    default: break;
    }
    diag_unsupported(span, arena_printf(c->arena, "a list of %s", type_print(c->arena, type)),
                     type->kind == TYPE_SCALAR ? "an array" : "a list of numbers, strings, arrays or tuples");
    return NULL;
}

static bool same_place(Span a, Span b) {
    return a.file == b.file && a.start == b.start && a.end == b.end;
}

/* What an earlier check found out about the elements of the list that is made there, or NULL. */
static const Type *asked_element(Scope *s, Span origin) {
    const SeveralKindsSet *several = s->checker->several;
    for (int i = several->count - 1; i >= 0; i--)
        if (!several->data[i].name && same_place(several->data[i].origin, origin))
            return several->data[i].element;
    return NULL;
}

/* For the next check of the program: what is made there has such elements. */
static void ask_origin(Scope *s, Span origin, const Type *element) {
    const Type *asked = asked_element(s, origin);
    SeveralKinds kinds = {.origin = origin, .element = element};
    if (origin.end && !(asked && type_same(asked, element, false)))
        VEC_PUSH(s->checker->arena, *s->checker->several, kinds);
}

/* Lists that meet are to have elements of one type. */
static void ask_lists(Scope *s, const Type *a, const Type *b) {
    const Type *x = list_element(a), *y = list_element(b), *common = x && y ? common_element(s, x, y) : NULL;
    if (x && y && x->kind == TYPE_LIST && y->kind == TYPE_LIST)
        ask_lists(s, x, y);
    if (!common)
        return;
    ask_origin(s, list_cell(a)->origin, common);
    ask_origin(s, list_cell(b)->origin, common);
}

static void ask_element(Scope *s, const Type *list, const Type *type) {
    const Type *element = list_element(list), *common = common_element(s, element, type);
    if (common)
        ask_origin(s, list_cell(list)->origin, common);
    else if (element->kind == TYPE_LIST && type->kind == TYPE_LIST)
        ask_lists(s, element, type);
}

bool fits_list(Scope *s, TExpr *list, TExpr **value, Span span) {
    Arena *arena = s->checker->arena;
    const Type *element = list_element(list->type), *type = (*value)->type;
    if (is_poison(list) || is_poison(*value))
        return false;
    if (!element) {
        if (!(element = element_type(s, type, span)))
            return false;
        list_decide(list->type, element);
    }
    if (type_same(element, type, false))
        return true;
    const Type *common = common_element(s, element, type);
    if (element->kind == TYPE_EITHER && common && type_same(common, element, false)) {
        *value = either_widen(s, *value, element);
        return true;
    }
    ask_element(s, list->type, type);
    diag_unsupported(span, arena_printf(arena, "%s in a list of %s", type_print(arena, type), type_print(arena, element)),
                     element->kind == TYPE_SCALAR && type->kind == TYPE_SCALAR ? "elements of one type, as in float(x)"
                                                                               : "elements of one type");
    return false;
}

/* A function of the list and of an element, which is the last argument. */
static TExpr *with_element(Scope *s, const char *symbol, TExpr **arguments, int count, const Type *type, Span span) {
    TExpr *element = arguments[count - 1];
    if (!fits_list(s, arguments[0], &arguments[count - 1], element->span))
        return texpr_poison(s, span);
    TExpr *expr = texpr_runtime(s, symbol, arguments, count, type, span);
    if (!is_poison(expr))
        expr->as.runtime.as[count - 1] = list_element(arguments[0]->type);
    return expr;
}

TExpr *list_new(Scope *s, const Type *element, Span span) {
    TExpr *list = texpr_new(s, TEXPR_LIST, span, type_list(s->checker, element ? element : asked_element(s, span)));
    list_cell(list->type)->origin = span;
    return list;
}

/* A list with starred items: one after the other comes to it. */
static TExpr *list_by_statements(Scope *s, const Ast *node) {
    Inset *inset = inset_open(s, node->span);
    Name list = bind_hidden(s, "list", list_new(s, NULL, node->span));
    for (const Ast *item = node->as.list.items; item; item = item->next) {
        bool starred = item->kind == AST_STARRED;
        Ast *value = ast_copy(s, starred ? item->as.starred.value : item), *add = ast_make(s, AST_EXPRESSION, item->span);
        add->as.expression.value = ast_method(s, ast_name(s, list, item->span), starred ? "extend" : "append", value, item->span);
        check_statement(s, add);
    }
    return inset_close(inset, check_expr(s, ast_name(s, list, node->span)));
}

TExpr *check_list(Scope *s, const Ast *node) {
    if (has_starred(node->as.list.items))
        return list_by_statements(s, node);
    TExpr *list = list_new(s, NULL, node->span);
    int count = node->as.list.count;
    list->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, count + 1);
    for (const Ast *item = node->as.list.items; item; item = item->next) {
        TExpr *value = check_expr(s, item);
        if (!fits_list(s, list, &value, item->span))
            return texpr_poison(s, node->span);
        list->as.tuple.items[list->as.tuple.count++] = value;
    }
    return list;
}

TExpr *list_length(Scope *s, TExpr *list, Span span) {
    TExpr *length = texpr_runtime(s, "mnp_list_length", &list, 1, type_int(s), span);
    if (!is_poison(length)) {
        length->size = size_fresh("length");
        s->facts = facts_ge(s->checker->arena, s->facts, length->size, size_const(0), "lengths are not negative", span);
    }
    return length;
}

/* ---- indexing ------------------------------------------------------------------------------ */

static TExpr *nothing_known(Scope *s, TExpr *list, Span span) {
    s->checker->unknown_lists++;
    if (!is_poison(list))
        diag_unsupported(span, "an element of a list of which the elements' type is not known here",
                         "an append before it");
    return texpr_poison(s, span);
}

TExpr *list_item(Scope *s, TExpr *list, TExpr *index, Span span) {
    const Type *element = is_poison(list) ? NULL : list_element(list->type);
    if (!element)
        return nothing_known(s, list, span);
    TExpr *arguments[] = {list, index};
    return texpr_runtime(s, "mnp_list_get", arguments, 2, own_sizes(s, element, NULL), span);
}

static TExpr *int_index(Scope *s, const Ast *node) {
    TExpr *index = check_value(s, node);
    if (is_poison(index))
        return index;
    if (type_is_int(index->type) || (index->type->kind == TYPE_SCALAR && index->type->weak &&
                                     index->type->dtype == DTYPE_BOOL))
        return texpr_cast(s, index, DTYPE_I64, true);
    diag_error(node->span, DIAG_TYPE_MISMATCH, "list indices are ints or slices, not %s",
               type_print(s->checker->arena, index->type));
    return texpr_poison(s, node->span);
}

/* start, stop, step, and which of them are given; false after an error. */
static bool slice_values(Scope *s, const Ast *slice, TExpr **values) {
    const Ast *parts[] = {slice->as.slice.lower, slice->as.slice.upper, slice->as.slice.step};
    int given = 0;
    for (int i = 0; i < 3; i++) {
        bool there = parts[i] && parts[i]->kind != AST_NONE;
        given |= there ? 1 << i : 0;
        values[i] = there ? int_index(s, parts[i]) : texpr_int(s, 0, slice->span);
        if (is_poison(values[i]))
            return false;
    }
    values[3] = texpr_int(s, given, slice->span);
    return true;
}

TExpr *slice_of(Scope *s, const Ast *slice, const char *symbol, TExpr **first, int count, const Type *type) {
    TExpr *arguments[8];
    for (int i = 0; i < count; i++)
        arguments[i] = first[i];
    if (!slice_values(s, slice, arguments + count))
        return texpr_poison(s, slice->span);
    return texpr_runtime(s, symbol, arguments, count + 4, type, slice->span);
}

TExpr *index_list(Scope *s, const Ast *node, TExpr *list) {
    const Ast *index = node->as.index.indices;
    if (node->as.index.count != 1) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "list indices are ints or slices, not tuples");
        return texpr_poison(s, node->span);
    }
    if (index->kind == AST_SLICE)
        return slice_of(s, index, "mnp_list_slice", &list, 1, list->type);
    TExpr *at = int_index(s, index);
    return is_poison(at) ? at : list_item(s, list, at, node->span);
}

static void statement(Scope *s, TExpr *value) {
    if (!is_poison(value))
        stmt_new(s, TSTMT_EXPRESSION, value->span)->as.expression.value = value;
}

void store_in_list(Scope *s, const Ast *target, TExpr *list, TExpr *value) {
    const Ast *index = target->as.index.indices;
    bool plain = value->kind == TEXPR_CONST || value->kind == TEXPR_VARIABLE || value->kind == TEXPR_STRING;
    if (is_poison(list) || is_poison(value))
        return;
    if (!plain)
        value = variable_expr(s, assign_new(s, NULL, value, value->span), value->span);
    if (target->as.index.count == 1 && index->kind == AST_SLICE) {
        TExpr *both[] = {list, value};
        if (value->type->kind != TYPE_LIST || !type_same(list->type, value->type, false))
            diag_unsupported(value->span, "this value for a slice of a list", "a list of the same type");
        else
            statement(s, slice_of(s, index, "mnp_list_splice", both, 2, type_none(s)));
        return;
    }
    if (target->as.index.count != 1)
        diag_error(target->span, DIAG_TYPE_MISMATCH, "list indices are ints or slices, not tuples");
    TExpr *at = target->as.index.count == 1 ? int_index(s, index) : texpr_poison(s, target->span);
    TExpr *arguments[] = {list, at, value};
    if (!is_poison(at))
        statement(s, with_element(s, "mnp_list_set", arguments, 3, type_none(s), target->span));
}

void delete_from_list(Scope *s, const Ast *target, TExpr *list) {
    const Ast *index = target->as.index.indices;
    if (is_poison(list) || target->as.index.count != 1)
        return;
    if (index->kind == AST_SLICE) {
        statement(s, slice_of(s, index, "mnp_list_cut", &list, 1, type_none(s)));
        return;
    }
    TExpr *arguments[] = {list, int_index(s, index)};
    if (!is_poison(arguments[1]))
        statement(s, texpr_runtime(s, "mnp_list_delete", arguments, 2, type_none(s), target->span));
}

/* ---- operators ----------------------------------------------------------------------------- */

TExpr *list_operation(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    TExpr *list = left->type->kind == TYPE_LIST ? left : right, *other = list == left ? right : left;
    if (op == AST_OP_ADD && other->type->kind == TYPE_LIST) {
        TExpr *arguments[] = {left, right};
        if (!type_same(left->type, right->type, false)) {
            ask_lists(s, left->type, right->type);
            diag_unsupported(span, "'+' of lists of different types", "lists of one type");
            return texpr_poison(s, span);
        }
        return texpr_runtime(s, "mnp_list_join", arguments, 2, left->type, span);
    }
    if (op != AST_OP_MUL || !type_is_int(other->type))
        return NULL;
    TExpr *arguments[] = {list, texpr_cast(s, other, DTYPE_I64, true)};
    TExpr *kept = list == right ? variable_expr(s, assign_new(s, NULL, arguments[1], span), span) : arguments[1];
    arguments[1] = kept;
    return texpr_runtime(s, "mnp_list_repeat", arguments, 2, list->type, span);
}

/* Values of the type are compared by == and, if `order`, by <; arrays have no single answer. */
static bool is_comparable(const Type *type, bool order) {
    if (!type)
        return true;
    if (type->kind == TYPE_TUPLE) {
        for (int i = 0; i < type->count; i++)
            if (!is_comparable(type->items[i], order))
                return false;
        return true;
    }
    if (type->kind == TYPE_LIST)
        return is_comparable(list_element(type), order);
    return type->kind == TYPE_SCALAR || type->kind == TYPE_STRING || type->kind == TYPE_EITHER || (type->kind == TYPE_NONE && !order);
}

static TExpr *cannot_compare(Scope *s, const Type *type, Span span) {
    diag_unsupported(span, arena_printf(s->checker->arena, "comparing %s", type_print(s->checker->arena, type)),
                     "a loop over the elements");
    return texpr_poison(s, span);
}

static TExpr *negated(Scope *s, TExpr *test, bool negate, Span span) {
    return negate && !is_poison(test) ? make_op(s, OP_NOT, &test, span) : test;
}

static TExpr *is_in_list(Scope *s, AstOp op, TExpr *value, TExpr *list, Span span) {
    const Type *element = list_element(list->type);
    if (!is_comparable(element, false))
        return cannot_compare(s, list->type, span);
    value = texpr_once(s, value);
    TExpr *arguments[] = {list, value};
    /* 1 in [1.0, 2.0] and 1.0 in [1, 2]: numbers are equal across kinds. */
    if (element && element->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
        !type_same(element, value->type, false) && dtype_is_float(element->dtype) &&
        dtype_is_integer(value->type->dtype) && value->kind == TEXPR_CONST)
        arguments[1] = texpr_cast(s, value, element->dtype, element->weak);
    if (element && element->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR && element->dtype == value->type->dtype)
        arguments[1] = texpr_cast(s, value, element->dtype, element->weak);
    TExpr *found = with_element(s, "mnp_list_has", arguments, 2, type_bool(s), span);
    return negated(s, found, op == AST_OP_NOT_IN, span);
}

static TExpr *both_of(Scope *s, Op op, TExpr *a, TExpr *b, Span span) {
    if (is_poison(a) || is_poison(b))
        return texpr_poison(s, span);
    return make_op(s, op, (TExpr *[]){a, b}, span);
}

/* What holds of the items from `i` on: equal, or (order) the first that differ stand so. */
static TExpr *compare_items(Scope *s, AstOp order, TExpr *left, TExpr *right, int i, Span span) {
    bool equality = order == AST_OP_EQ;
    int a = left->type->count, b = right->type->count;
    if (i == a || i == b)
        return texpr_bool(s, equality ? a == b : a < b, span);
    TExpr *x = tuple_item(s, left, i, span), *y = tuple_item(s, right, i, span);
    TExpr *same = compare_two(s, AST_OP_EQ, x, y, span), *rest = compare_items(s, order, left, right, i + 1, span);
    TExpr *result = both_of(s, OP_LOGICAL_AND, same, rest, span);
    return equality ? result : both_of(s, OP_LOGICAL_OR, compare_two(s, order, x, y, span), result, span);
}

/* Tuples as Python compares sequences. */
static TExpr *tuple_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    bool equality = op == AST_OP_EQ || op == AST_OP_NE, swap = op == AST_OP_GT || op == AST_OP_LE;
    if (!is_comparable(left->type, !equality) || !is_comparable(right->type, !equality))
        return cannot_compare(s, is_comparable(left->type, !equality) ? right->type : left->type, span);
    left = texpr_shared(s, left);
    right = texpr_shared(s, right);
    TExpr *test = equality && left->type->count != right->type->count
                      ? texpr_bool(s, false, span)
                      : compare_items(s, equality ? AST_OP_EQ : AST_OP_LT, swap ? right : left, swap ? left : right, 0, span);
    return negated(s, test, op == AST_OP_NE || op == AST_OP_LE || op == AST_OP_GE, span);
}

TExpr *list_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    bool in = op == AST_OP_IN || op == AST_OP_NOT_IN;
    bool tuples = left->type->kind == TYPE_TUPLE && right->type->kind == TYPE_TUPLE;
    if (tuples && !in && op != AST_OP_IS && op != AST_OP_IS_NOT)
        return tuple_comparison(s, op, left, right, span);
    if (in)
        return right->type->kind == TYPE_LIST ? is_in_list(s, op, left, right, span) : NULL;
    if (left->type->kind != TYPE_LIST || right->type->kind != TYPE_LIST)
        return NULL;
    if (op == AST_OP_IS || op == AST_OP_IS_NOT) {
        TExpr *both[] = {left, right};
        bool same = type_same(left->type, right->type, false);
        TExpr *test = same ? texpr_runtime(s, "mnp_list_is", both, 2, type_bool(s), span) : texpr_bool(s, false, span);
        return negated(s, test, op == AST_OP_IS_NOT, span);
    }
    bool equality = op == AST_OP_EQ || op == AST_OP_NE;
    if (!type_same(left->type, right->type, false))
        ask_lists(s, left->type, right->type);
    if (!type_same(left->type, right->type, false) || !is_comparable(list_element(left->type), !equality))
        return cannot_compare(s, left->type, span);
    bool swap = op == AST_OP_GT || op == AST_OP_LE;
    if (swap)
        left = variable_expr(s, assign_new(s, NULL, left, span), span);
    TExpr *arguments[] = {swap ? right : left, swap ? left : right};
    TExpr *test = texpr_runtime(s, equality ? "mnp_list_equal" : "mnp_list_less", arguments, 2, type_bool(s), span);
    return negated(s, test, op == AST_OP_NE || op == AST_OP_LE || op == AST_OP_GE, span);
}

bool augment_list(Scope *s, AstOp op, TExpr *list, TExpr *value, Span span) {
    TExpr *arguments[] = {list, value};
    if (op == AST_OP_ADD && value->type->kind == TYPE_LIST && !type_same(list->type, value->type, false))
        ask_lists(s, list->type, value->type);
    if (op == AST_OP_ADD && value->type->kind == TYPE_LIST && type_same(list->type, value->type, false)) {
        statement(s, texpr_runtime(s, "mnp_list_extend", arguments, 2, type_none(s), span));
        return true;
    }
    if (op == AST_OP_MUL && type_is_int(value->type)) {
        arguments[1] = texpr_cast(s, value, DTYPE_I64, true);
        statement(s, texpr_runtime(s, "mnp_list_scale", arguments, 2, type_none(s), span));
        return true;
    }
    return false;
}

/* ---- arrays of lists ----------------------------------------------------------------------- */

/* The dtype of an array of Python's numbers of several kinds. */
static bool mixed_dtype(const Type *type, DType *dtype) {
    for (int i = 1; i < type->count; i++) {
        const Type *item = type->items[i];
        if (item->kind != TYPE_SCALAR || (!item->weak && item->dtype != DTYPE_F64 && item->dtype != DTYPE_I64))
            return false;
        *dtype = i == 1 ? item->dtype : dtype_promote(*dtype, item->dtype);
    }
    return true;
}

/* The scalars in nested lists, tuples and arrays, and how deep they stand; false where they differ. */
static bool innermost(const Type *type, DType *dtype, int *rank) {
    if (!type)
        return false;
    *rank = 0;
    if (type->kind == TYPE_EITHER)
        return mixed_dtype(type, dtype);
    *dtype = type->dtype;
    *rank = type->kind == TYPE_ARRAY ? type->rank : 0;
    if (type->kind == TYPE_SCALAR || type->kind == TYPE_ARRAY)
        return true;
    if (type->kind == TYPE_LIST) {
        bool found = innermost(list_element(type), dtype, rank);
        *rank += 1;
        return found;
    }
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++) {
        DType other;
        int depth;
        if (!innermost(type->items[i], &other, &depth) || (i && (other != *dtype || depth != *rank)))
            return false;
        *dtype = other;
        *rank = depth;
    }
    *rank += 1;
    return type->kind == TYPE_TUPLE && type->count > 0;
}

static bool is_mixed(const Type *type) {
    return type->kind == TYPE_LIST ? list_element(type) && is_mixed(list_element(type)) : type->kind == TYPE_EITHER;
}

TExpr *list_as_array(Scope *s, TExpr *list, const DType *wanted, Span span) {
    Size shape[TYPED_RANK_MAX];
    DType dtype;
    int rank;
    if (!innermost(list->type, &dtype, &rank) || rank > TYPED_RANK_MAX) {
        diag_unsupported(span, arena_printf(s->checker->arena, "an array of %s",
                                            type_print(s->checker->arena, list->type)), "a list of numbers of one type");
        return texpr_poison(s, span);
    }
    dtype = wanted ? *wanted : dtype;
    for (int axis = 0; axis < rank; axis++) {
        shape[axis] = size_fresh("length");
        s->facts = facts_ge(s->checker->arena, s->facts, shape[axis], size_const(0), "sizes are not negative", span);
    }
    TExpr *arguments[] = {list, texpr_int(s, dtype, span), texpr_int(s, rank, span)};
    const char *symbol = !wanted && is_mixed(list->type) ? "mnp_list_array_mixed" : "mnp_list_array";
    return texpr_runtime(s, symbol, arguments, 3, type_array(s->checker, dtype, rank, shape, true), span);
}

TExpr *list_joined(Scope *s, TExpr *list, Span span) {
    const Type *element = list_element(list->type);
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < element->rank; axis++) {
        shape[axis] = size_fresh("length");
        s->facts = facts_ge(s->checker->arena, s->facts, shape[axis], size_const(0), "sizes are not negative", span);
    }
    TExpr *row[] = {list, texpr_int(s, element->dtype, span), texpr_int(s, element->rank, span)};
    return texpr_runtime(s, "mnp_list_concatenate", row, 3,
                         type_array(s->checker, element->dtype, element->rank, shape, true), span);
}

TExpr *list_to_array(Scope *s, TExpr *list, Span span) {
    return list->type->kind == TYPE_LIST ? list_as_array(s, list, NULL, span) : list;
}

/* ---- methods ------------------------------------------------------------------------------- */

enum { METHOD_ARGUMENTS_MAX = 4 };

typedef struct {
    Scope *scope;
    const Ast *node;
    TExpr *values[METHOD_ARGUMENTS_MAX];   /* the list, then the arguments */
    int count;
} Method;

static TExpr *wrong_method(Method *method) {
    diag_error(method->node->span, DIAG_BAD_CALL, "this method of a list does not take these arguments");
    return texpr_poison(method->scope, method->node->span);
}

static TExpr *method_int(Method *method, int k) {
    TExpr *value = method->values[k];
    if (type_is_int(value->type))
        return method->values[k] = texpr_cast(method->scope, value, DTYPE_I64, true);
    return NULL;
}

static TExpr *method_runtime(Method *method, const char *symbol, const Type *type) {
    return texpr_runtime(method->scope, symbol, method->values, method->count, type, method->node->span);
}

static TExpr *method_element(Method *method, const char *symbol, const Type *type, bool compares) {
    const Type *element = list_element(method->values[0]->type);
    if (compares && !is_comparable(element, false))
        return cannot_compare(method->scope, method->values[0]->type, method->node->span);
    return with_element(method->scope, symbol, method->values, method->count, type, method->node->span);
}

static TExpr *method_pop(Method *method) {
    const Type *element = list_element(method->values[0]->type);
    if (!element)
        return nothing_known(method->scope, method->values[0], method->node->span);
    if (method->count == 1)
        method->values[method->count++] = texpr_int(method->scope, -1, method->node->span);
    return method_int(method, 1) ? method_runtime(method, "mnp_list_pop", own_sizes(method->scope, element, NULL))
                                 : wrong_method(method);
}

static TExpr *method_index(Method *method) {
    Scope *s = method->scope;
    TExpr *row[] = {method->values[0], texpr_int(s, 0, method->node->span),
                    texpr_int(s, INT64_MAX, method->node->span), method->values[1]};
    for (int k = 2; k < method->count; k++) {
        if (!method_int(method, k))
            return wrong_method(method);
        row[k - 1] = method->values[k];
    }
    if (!is_comparable(list_element(row[0]->type), false))
        return cannot_compare(s, row[0]->type, method->node->span);
    return with_element(s, "mnp_list_index", row, 4, type_int(s), method->node->span);
}

static TExpr *method_extend(Method *method) {
    Scope *s = method->scope;
    TExpr *value = method->values[1];
    if (value->type->kind != TYPE_LIST)
        value = method->values[1] = list_of(s, method->node->as.call.arguments, value);
    if (is_poison(value))
        return value;
    if (!type_same(method->values[0]->type, value->type, false)) {
        ask_lists(s, method->values[0]->type, value->type);
        diag_unsupported(value->span, "extending a list by elements of another type", "elements of one type");
        return texpr_poison(s, value->span);
    }
    return method_runtime(method, "mnp_list_extend", type_none(s));
}

static TExpr *method_copy(Method *method) {
    while (method->count < 4)
        method->values[method->count++] = texpr_int(method->scope, 0, method->node->span);
    TExpr *row[] = {method->values[0], method->values[1], method->values[2], method->values[3], method->values[1]};
    return texpr_runtime(method->scope, "mnp_list_slice", row, 5, method->values[0]->type, method->node->span);
}

static TExpr *call_method(Method *method, Name name) {
    Scope *s = method->scope;
    int count = method->count - 1;
    if (!strcmp(name, "append") && count == 1)
        return method_element(method, "mnp_list_append", type_none(s), false);
    if (!strcmp(name, "extend") && count == 1)
        return method_extend(method);
    if (!strcmp(name, "pop") && count <= 1)
        return method_pop(method);
    if (!strcmp(name, "insert") && count == 2)
        return method_int(method, 1) ? method_element(method, "mnp_list_insert", type_none(s), false)
                                     : wrong_method(method);
    if (!strcmp(name, "remove") && count == 1)
        return method_element(method, "mnp_list_remove", type_none(s), true);
    if (!strcmp(name, "count") && count == 1)
        return method_element(method, "mnp_list_tally", type_int(s), true);
    if (!strcmp(name, "index") && count >= 1 && count <= 3)
        return method_index(method);
    if (!strcmp(name, "reverse") && count == 0)
        return method_runtime(method, "mnp_list_reverse", type_none(s));
    if (!strcmp(name, "clear") && count == 0)
        return method_runtime(method, "mnp_list_clear", type_none(s));
    if (!strcmp(name, "copy") && count == 0)
        return method_copy(method);
    return NULL;
}

TExpr *check_list_method(Scope *s, const Ast *node, TExpr *list) {
    static const char *const known[] = {"append", "extend", "pop", "insert", "remove", "count", "index", "reverse",
                                        "clear", "copy", "sort"};
    Name name = node->as.call.callee->as.attribute.name;
    Method method = {s, node, {list}, 1};
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        found |= !strcmp(name, known[i]);
    if (!found) {
        diag_error(node->as.call.callee->as.attribute.name_span, DIAG_UNKNOWN_ATTRIBUTE, "%s has no method '%s'",
                   type_print(s->checker->arena, list->type), name);
        return texpr_poison(s, node->span);
    }
    if (!strcmp(name, "sort"))
        return sort_list(s, node, list, node->as.call.arguments);
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next) {
        bool plain = arg->kind != AST_KEYWORD && arg->kind != AST_STARRED && arg->kind != AST_DOUBLE_STARRED;
        if (!plain || method.count == METHOD_ARGUMENTS_MAX)
            return wrong_method(&method);
        TExpr *value = check_expr(s, arg);
        if (is_poison(value))
            return value;
        method.values[method.count++] = value;
    }
    TExpr *result = call_method(&method, name);
    return result ? result : wrong_method(&method);
}
