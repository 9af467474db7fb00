/* unpack.c: lists and starred targets taken apart. Every item is evaluated before the first target is assigned. */
#include "check/checker.h"

static int star_place(const Ast *target) {
    int place = 0;
    for (const Ast *item = target->as.list.items; item; item = item->next, place++)
        if (item->kind == AST_STARRED)
            return place;
    return -1;
}

static TExpr *kept(Scope *s, TExpr *value, Span span) {
    return is_poison(value) ? value : variable_expr(s, assign_new(s, NULL, value, span), span);
}

/* The list must have as many items as there are targets, or with a star at least those beside it. */
static TExpr *checked_length(Scope *s, TExpr *list, int wanted, bool least, Span span) {
    TExpr *length = kept(s, list_length(s, list, span), span), *checked;
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    TCheck *check = require(s, least ? FACT_GE : FACT_EQ, size_sub(length->size, size_const(wanted)), "UNPACK_LIST",
                            least ? "a value for each target" : "numbers of targets and of values", span);
    check->values[0] = size_const(wanted);
    check->values[1] = length->size;
    s->checks = outer;
    checked = texpr_size(s, length->size, length, span);
    checked->checks = checks;
    return kept(s, checked, span);
}

/* list[first : length - behind] */
static TExpr *middle_of(Scope *s, TExpr *list, int first, int behind, Span span) {
    TExpr *row[] = {list, texpr_int(s, first, span), texpr_int(s, -behind, span), texpr_int(s, 0, span),
                    texpr_int(s, behind ? 3 : 1, span)};
    return texpr_runtime(s, "mnp_list_slice", row, 5, list->type, span);
}

static bool list_items(Scope *s, const Ast *target, TExpr *list, TExpr **items, Span span) {
    int count = target->as.list.count, star = star_place(target);
    list = kept(s, list, span);
    checked_length(s, list, star < 0 ? count : count - 1, star >= 0, span);
    for (int i = 0; i < count; i++) {
        int place = star >= 0 && i > star ? i - count : i;
        TExpr *item = i == star ? middle_of(s, list, star, count - 1 - star, span)
                                : list_item(s, list, texpr_int(s, place, span), span);
        items[i] = kept(s, item, span);
        if (is_poison(items[i]))
            return false;
    }
    return true;
}

static bool tuple_items(Scope *s, const Ast *target, TExpr *tuple, TExpr **items, Span span) {
    int count = target->as.list.count, star = star_place(target), extra = tuple->type->count - (count - 1), at = 0;
    if (extra < 0) {
        diag_error(span, DIAG_TYPE_MISMATCH, "%d targets for %s", count, type_print(s->checker->arena, tuple->type));
        return false;
    }
    if (tuple->kind != TEXPR_TUPLE)
        tuple = kept(s, tuple, span);
    for (int i = 0; i < count; i++) {
        TExpr *list = i == star ? list_new(s, NULL, span) : NULL;
        if (list)
            list->as.tuple.items = ARENA_ARRAY(s->checker->arena, TExpr *, extra + 1);
        for (int k = 0; list && k < extra; k++) {
            TExpr *item = tuple_item(s, tuple, at++, span);
            if (!fits_list(s, list, &item, span))
                return false;
            list->as.tuple.items[list->as.tuple.count++] = item;
        }
        items[i] = kept(s, list ? list : tuple_item(s, tuple, at++, span), span);
    }
    return true;
}

static bool has_two_stars(const Ast *target) {
    int stars = 0;
    for (const Ast *item = target->as.list.items; item; item = item->next)
        stars += item->kind == AST_STARRED;
    return stars > 1;
}

bool unpack_sequence(Scope *s, const Ast *target, TExpr *value, Span span) {
    if (has_two_stars(target)) {
        diag_error(target->span, DIAG_BAD_TARGET, "only one target has a star");
        return false;
    }
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, target->as.list.count + 1);
    bool list = value->type->kind == TYPE_LIST, fine;
    if (!list && value->type->kind != TYPE_TUPLE) {
        diag_unsupported(span, "a starred target for this", "a list or a tuple");
        return false;
    }
    fine = list ? list_items(s, target, value, items, span) : tuple_items(s, target, value, items, span);
    int i = 0;
    for (const Ast *item = target->as.list.items; item && fine; item = item->next)
        assign_target(s, item->kind == AST_STARRED ? item->as.starred.value : item, items[i++], span);
    return fine;
}

bool is_unpacked_apart(const Ast *target, const TExpr *value) {
    return value->type->kind == TYPE_LIST || star_place(target) >= 0;
}
