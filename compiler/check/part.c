/* part.c: arrays taken apart, and with something put into them: split and its like, pad, insert, delete. */
#include "check/call.h"
#include "check/sequence.h"

/* A variable of its own for a value that is used several times. */
static TExpr *held(Scope *s, TExpr *value, Span span) {
    return hidden_value(s, "part", value, span);
}

/* ---- split --------------------------------------------------------------------------------- */

/* Where the parts begin, and behind the last of them the end. */
typedef struct {
    Size at[JOIN_MAX + 1];
    int count;
} Cuts;

/* Constant indices as Python cuts: negative ones count from the end, none leaves the axis. */
static void cuts_at(TExpr *indices, Size n, Cuts *cuts) {
    TExpr *const *items = indices->as.tuple.items;
    cuts->at[0] = size_const(0);
    cuts->count = indices->as.tuple.count + 1;
    for (int i = 0; i + 1 < cuts->count; i++) {
        int64_t at = 0;
        constant_int(items[i], &at);
        cuts->at[i + 1] = at < 0 ? size_max(size_add(n, size_const(at)), size_const(0)) : size_min(size_const(at), n);
    }
    cuts->at[cuts->count] = n;
}

/* As many parts; the first ones have one element more where it does not come out even. */
static bool cuts_even(Call *call, TExpr *sections, Size n, bool uneven, Cuts *cuts) {
    int64_t count = 0;
    Span span = sections->span;
    constant_int(sections, &count);
    if (count <= 0) {
        diag_error(span, DIAG_ALWAYS_FAILS, "%s into %lld parts", call->info->name, (long long)count);
        return false;
    }
    Size each = size_floordiv(n, size_const(count)), more = size_mod(n, size_const(count));
    if (!uneven)
        require_equal(call->scope, more, size_const(0), "BROADCAST", "the remainder of an equal division", span);
    for (int64_t i = 0; i <= count; i++) {
        Size at = size_mul(each, size_const(i));
        cuts->at[i] = uneven ? size_add(at, size_min(size_const(i), more)) : at;
    }
    cuts->at[count] = n;
    cuts->count = (int)count;
    return true;
}

/* Places or a number of parts that only the run knows: a list that the library fills. */
static TExpr *split_when_running(Call *call, TExpr *array, TExpr *cut, int axis, bool uneven) {
    Scope *s = call->scope;
    Span span = call->node->span;
    bool places = !type_is_int(cut->type);
    if (cut->kind == TEXPR_TUPLE)
        cut = array_of_ast(s, call->asts[1]);
    else if (cut->type->kind == TYPE_LIST)
        cut = list_to_array(s, cut, span);
    if (is_poison(cut) || (places && (cut->type->kind != TYPE_ARRAY || cut->type->rank != 1 || !dtype_is_integer(cut->type->dtype))))
        return call_wrong(call, cut, "a number of parts or the places between them");
    TExpr *arguments[] = {array, places ? cut : texpr_cast(s, cut, DTYPE_I64, true), texpr_int(s, axis, span)};
    return library_call(s, places ? "split_at" : uneven ? "array_split_even" : "split_even", arguments, 3, span);
}

/* All of them are constant, and not very many. */
static bool is_split_known(const TExpr *cut) {
    int64_t value;
    if (cut->kind != TEXPR_TUPLE && cut->kind != TEXPR_LIST)
        return constant_int(cut, &value) && value <= JOIN_MAX;
    for (int i = 0; i < cut->as.tuple.count; i++)
        if (!constant_int(cut->as.tuple.items[i], &value))
            return false;
    return cut->as.tuple.count < JOIN_MAX;
}

/* split (0), array_split (1), hsplit (2), vsplit (3), dsplit (4): a list of views. */
TExpr *check_split(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *array = call_array_like(call, 0), *cut = call_argument(call, 1);
    int way = call->info->op, rank = is_poison(array) ? 0 : array->type->rank, least = way == 4 ? 3 : way == 3 ? 2 : 1;
    if (is_poison(array) || is_poison(cut))
        return call_poison(call);
    if (rank < least)
        return call_wrong(call, array, arena_printf(s->checker->arena, "an array of rank %d or more", least));
    int axis = way < 2 ? call_axis(call, 2, rank, 0) : way == 2 ? rank > 1 : way == 3 ? 0 : 2;
    if (axis < 0)
        return call_poison(call);
    if (!is_split_known(cut))
        return split_when_running(call, array, cut, axis, way == 1);
    Inset *inset = inset_open(s, span);
    Cuts cuts;
    array = held(s, array, span);
    Size n = array->type->shape[axis];
    bool several = cut->kind == TEXPR_TUPLE || cut->kind == TEXPR_LIST;
    if (several)
        cuts_at(cut, n, &cuts);
    else if (!cuts_even(call, cut, n, way == 1, &cuts))
        return inset_close(inset, call_poison(call));
    TExpr *list = list_new(s, NULL, span);
    list->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, JOIN_MAX + 1);
    for (int i = 0; i < cuts.count; i++) {
        Size length = size_sub(cuts.at[i + 1], cuts.at[i]);
        TExpr *part = view_window(s, array, axis, cuts.at[i], several ? size_max(length, size_const(0)) : length, span);
        if (!fits_list(s, list, &part, span))
            return inset_close(inset, call_poison(call));
        list->as.tuple.items[list->as.tuple.count++] = part;
    }
    return inset_close(inset, list);
}

/* ---- pad ----------------------------------------------------------------------------------- */

static TExpr *items_of(Scope *s, TExpr *value) {
    if (value->kind == TEXPR_LIST)
        return tuple_of(s, value->as.tuple.items, value->as.tuple.count, value->span);
    return value->type->kind == TYPE_TUPLE && value->kind != TEXPR_TUPLE ? texpr_shared(s, value) : value;
}

static TExpr *width_of(Call *call, TExpr *item) {
    Scope *s = call->scope;
    if (is_poison(item) || !type_is_int(item->type))
        return call_wrong(call, item, "widths that are ints");
    TExpr *width = held(s, texpr_cast(s, item, DTYPE_I64, true), item->span);
    require_not_negative(s, width->size, "a width that is not negative", item->span);
    return width;
}

/* A number that goes into the array's margin; poison after an error. */
static TExpr *value_of(Call *call, TExpr *item) {
    if (is_poison(item))
        return item;
    if (item->type->kind == TYPE_SCALAR)
        return held(call->scope, item, item->span);
    return call_wrong(call, item, "numbers for the margins");
}

/* n, (n,), (before, after): the same for all axes; ((before, after),), or one pair an axis. False after an error. */
static bool pad_pairs(Call *call, TExpr *value, int rank, TExpr *(*read)(Call *, TExpr *), TExpr *(*pairs)[2]) {
    Scope *s = call->scope;
    value = items_of(s, value);
    bool several = value->type->kind == TYPE_TUPLE;
    int count = several ? value->type->count : 1;
    TExpr *first = several && count ? items_of(s, tuple_item(s, value, 0, value->span)) : value;
    bool nested = several && first->type->kind == TYPE_TUPLE;
    if (is_poison(value) || count < 1 || (nested ? count != 1 && count != rank : count > 2)) {
        call_wrong(call, value, "a number, (before, after), or one such pair an axis");
        return false;
    }
    for (int axis = 0; axis < rank; axis++) {
        TExpr *pair = nested && (count > 1 || !axis) ? items_of(s, tuple_item(s, value, axis, value->span)) : nested ? NULL : value;
        int parts = !pair ? 0 : pair->type->kind == TYPE_TUPLE ? pair->type->count : 1;
        if (pair && (parts < 1 || parts > 2)) {
            call_wrong(call, pair, "pairs");
            return false;
        }
        for (int k = 0; k < 2; k++) {
            if (!pair || (axis && !nested))
                pairs[axis][k] = pairs[0][k];
            else if (k && parts == 1)
                pairs[axis][k] = pairs[axis][0];
            else
                pairs[axis][k] = read(call, pair->type->kind == TYPE_TUPLE ? tuple_item(s, pair, k, pair->span) : pair);
            if (is_poison(pairs[axis][k]))
                return false;
        }
    }
    return true;
}

/* The k-th argument, or 0, as such pairs. */
static bool pad_values(Call *call, int k, int rank, TExpr *(*values)[2]) {
    TExpr *value = call_given(call, k) ? call_argument(call, k) : texpr_int(call->scope, 0, call->node->span);
    return !is_poison(value) && pad_pairs(call, value, rank, value_of, values);
}

/* The margins' numbers in the array's dtype. False after an error. */
static bool cast_values(Call *call, const TExpr *array, TExpr *(*values)[2]) {
    DTypeClass class = dtype_info(array->type->dtype)->class;
    for (int axis = 0; axis < array->type->rank; axis++)
        for (int k = 0; k < 2; k++) {
            TExpr *value = values[axis][k];
            if (dtype_info(value->type->dtype)->class > class) {
                diag_unsupported(value->span, "constant_values that are not of the array's kind", "an .astype of the array");
                return false;
            }
            values[axis][k] = texpr_cast(call->scope, value, array->type->dtype, false);
        }
    return true;
}

/* A block of one value beside the array, so wide along the axis. */
static TExpr *margin(Call *call, const TExpr *array, int axis, TExpr *width, TExpr *value) {
    Scope *s = call->scope;
    Size shape[TYPED_RANK_MAX];
    memcpy(shape, array->type->shape, sizeof shape);
    shape[axis] = width->size;
    TExpr *block = call_builtin(call, type_array(s->checker, array->type->dtype, array->type->rank, shape, true), 2);
    block->as.builtin.info = function_find("np", "full");
    block->as.builtin.how = FILL_VALUE;
    block->as.builtin.arguments[0] = value;
    block->as.builtin.arguments[1] = width;
    return block;
}

/* The array with margins of given values. */
static TExpr *pad_constant(Call *call, TExpr *array, int axis, TExpr **widths, TExpr **values) {
    TExpr *parts[] = {margin(call, array, axis, widths[0], values[0]), array, margin(call, array, axis, widths[1], values[1])};
    return joined(call->scope, parts, 3, axis, array->type->dtype, call->node->span);
}

/* With margins of its own elements: which they are, the library's `places` tells. */
static TExpr *pad_taken(Call *call, TExpr *array, int axis, TExpr **widths, const char *places) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *numbers[] = {texpr_size(s, array->type->shape[axis], array, span), widths[0], widths[1]};
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, TYPED_RANK_MAX);
    indices[axis] = held(s, library_call(s, places, numbers, 3, span), span);
    return is_poison(indices[axis]) ? indices[axis] : gather_along(s, array, indices, axis, false, span);
}

/* Functions that compute the margins know the axis; those that tell places do not. */
static bool takes_axis(const FunctionEntry *entry) {
    bool axis = false;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        axis |= is_constant_parameter(p);
    return axis;
}

/* With margins that the library computes. */
static TExpr *pad_computed(Call *call, TExpr *array, int axis, TExpr **widths, TExpr **values, const char *name) {
    Scope *s = call->scope;
    TExpr *arguments[] = {array, widths[0], widths[1], values[0], values[1], texpr_int(s, axis, call->node->span)};
    return library_call(s, name, arguments, 6, call->node->span);
}

/* pad(array, pad_width, mode='constant', constant_values=0, end_values=0): an axis after the other. */
TExpr *check_pad(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *array = call_array_like(call, 0), *widths[TYPED_RANK_MAX][2], *values[TYPED_RANK_MAX][2], *width = call_argument(call, 1);
    const char *mode = call_option(call, 2, "constant");
    if (is_poison(array) || is_poison(width) || !mode)
        return call_poison(call);
    bool constant = !strcmp(mode, "constant"), ramp = !strcmp(mode, "linear_ramp");
    const char *name = arena_printf(s->checker->arena, "pad_%s", mode);
    FunctionEntry *entry = constant ? NULL : library_entry(s->checker, name);
    if (!constant && !entry) {
        diag_unsupported(span, arena_printf(s->checker->arena, "padding by mode='%s'", mode),
                         "constant, edge, reflect, symmetric, wrap, linear_ramp, mean, median, maximum or minimum");
        return call_poison(call);
    }
    bool computed = entry && takes_axis(entry);
    Inset *inset = inset_open(s, span);
    array = held(s, array, span);
    int rank = array->type->rank;
    if (!pad_pairs(call, width, rank, width_of, widths) || !pad_values(call, ramp ? 4 : 3, rank, values) ||
        (constant && !cast_values(call, array, values)))
        return inset_close(inset, call_poison(call));
    for (int axis = 0; axis < rank && !is_poison(array); axis++)
        array = held(s, constant   ? pad_constant(call, array, axis, widths[axis], values[axis])
                        : computed ? pad_computed(call, array, axis, widths[axis], values[axis], name)
                                   : pad_taken(call, array, axis, widths[axis], name), span);
    return inset_close(inset, array);
}

/* ---- delete, insert ------------------------------------------------------------------------ */

/* The array and the axis; None: all elements in one. -1 after an error. */
static int array_and_axis(Call *call, int at, TExpr **array) {
    if (!call_given(call, at)) {
        *array = view_raveled(call->scope, *array, call->node->span);
        return 0;
    }
    if (!(*array)->type->rank)
        return call_wrong(call, *array, "an array of rank 1 or more"), -1;
    return call_axis(call, at, (*array)->type->rank, 0);
}

static TExpr *places_argument(Call *call) {
    TExpr *places = call->asts[1] && call->asts[1]->kind == AST_LIST ? array_of_ast(call->scope, call->asts[1])
                                                                       : call_argument(call, 1);
    if (is_poison(places) || type_is_int(places->type) ||
        (places->type->kind == TYPE_ARRAY && places->type->rank == 1 && dtype_info(places->type->dtype)->class < CLASS_FLOAT))
        return places;
    return call_wrong(call, places, "an int or ints of one axis");
}

TExpr *check_delete(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *array = call_array_like(call, 0), *places = places_argument(call);
    if (is_poison(array) || is_poison(places))
        return call_poison(call);
    int axis = array_and_axis(call, 2, &array);
    if (axis < 0)
        return call_poison(call);
    Inset *inset = inset_open(s, span);
    array = held(s, array, span);
    TExpr *arguments[] = {texpr_size(s, array->type->shape[axis], array, span), places};
    TExpr **indices = ARENA_ARRAY(s->checker->arena, TExpr *, TYPED_RANK_MAX);
    indices[axis] = held(s, library_call(s, "kept_indices", arguments, 2, span), span);
    if (is_poison(indices[axis]))
        return inset_close(inset, indices[axis]);
    return inset_close(inset, held(s, gather_along(s, array, indices, axis, false, span), span));
}

/* One place: the array up to it, the values, the rest. */
static TExpr *inserted_at(Call *call, TExpr *array, int axis, TExpr *place, TExpr *values) {
    Scope *s = call->scope;
    Span span = call->node->span;
    int rank = array->type->rank;
    Size shape[TYPED_RANK_MAX], n = array->type->shape[axis];
    bool fresh[TYPED_RANK_MAX] = {false};
    TExpr *arguments[] = {texpr_size(s, n, array, span), place};
    place = held(s, texpr_cast(s, library_call(s, "insert_place", arguments, 2, span), DTYPE_I64, true), span);
    if (is_poison(place))
        return place;
    s->facts = facts_ge(s->checker->arena, s->facts, place->size, size_const(0), "a place in an axis", span);
    s->facts = facts_ge(s->checker->arena, s->facts, n, place->size, "a place in an axis", span);
    for (int i = 0, k = 0; i < rank; i++)
        if (i != axis)
            shape[k++] = array->type->shape[i];
    fresh[axis] = true;
    if (rank > 1)
        values = view_broadcast(s, values, rank - 1, shape, span);
    if (values->type->rank < rank)
        values = view_expanded(s, values, fresh, rank, span);
    TExpr *parts[] = {view_window(s, array, axis, size_const(0), place->size, span), values,
                      view_window(s, array, axis, place->size, size_sub(n, place->size), span)};
    return joined(s, parts, 3, axis, array->type->dtype, span);
}

TExpr *check_insert(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    TExpr *array = call_array_like(call, 0), *places = places_argument(call), *values = call_array_like(call, 2);
    if (is_poison(array) || is_poison(places) || is_poison(values))
        return call_poison(call);
    int axis = array_and_axis(call, 3, &array);
    if (axis < 0)
        return call_poison(call);
    if (dtype_is_complex(values->type->dtype) && !dtype_is_complex(array->type->dtype))
        return call_wrong(call, values, "real numbers");
    bool several = places->type->kind == TYPE_ARRAY, block = array->type->rank > 1 && values->type->rank >= array->type->rank;
    if (places->type->dtype == DTYPE_BOOL || values->type->rank > array->type->rank) {
        diag_unsupported(span, "inserting by a mask, or values of more axes than the array has", "np.concatenate of slices");
        return call_poison(call);
    }
    Inset *inset = inset_open(s, span);
    array = held(s, array, span);
    values = held(s, texpr_cast(s, values, array->type->dtype, false), span);
    TExpr *arguments[] = {array, places, values, texpr_int(s, axis, span)}, *result;
    result = several || block ? library_call(s, several ? "insert_several" : "insert_block", arguments, 4, span)
                              : inserted_at(call, array, axis, places, values);
    return inset_close(inset, held(s, result, span));
}
