/* list.c: lists, calls of the runtime by name, and statements inside an expression. A list is an owned array of rank 0
 * for the nest IR: counted, joined and given back as arrays are; only the runtime's list functions look into it. */
#include "lower/lowering.h"

/* ---- what stands in a list ----------------------------------------------------------------- */

/* An element's type as the runtime reads it: see runtime/src/list.c. */
static void element_text(Text *text, const Type *type) {
    if (!type) {
        text_printf(text, "-");
    } else if (type->kind == TYPE_SCALAR && type->weak) {
        text_printf(text, "%c", dtype_is_float(type->dtype) ? 'd' : type->dtype == DTYPE_BOOL ? 'b' : 'i');
    } else if (type->kind == TYPE_SCALAR) {
        text_printf(text, "N%c", 'a' + (int)type->dtype);
    } else if (type->kind == TYPE_ARRAY) {
        text_printf(text, "a%c%d", 'a' + (int)type->dtype, type->rank);
    } else if (type->kind == TYPE_LIST) {
        text_printf(text, "[");
        element_text(text, list_element(type));
    } else if (type_has_parts(type)) {
        text_printf(text, type->kind == TYPE_EITHER ? "|" : "(");
        for (int i = 0; i < type->count; i++)
            element_text(text, type->items[i]);
        text_printf(text, ")");
    } else {
        text_printf(text, type->kind == TYPE_STRING ? "s" : "-");
    }
}

static Value *type_text(Lowering *l, const Type *element) {
    Text text = {0};
    element_text(&text, element);
    const char *copy = arena_strndup(l->arena, text.data, text.length + 1);
    Value *value = build_string(&l->b, copy, text.length + 1);
    text_free(&text);
    return value;
}

/* ---- calls of the runtime by name ---------------------------------------------------------- */

static void check_ints(Lowering *l, const Values *values) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i]->kind == VALUE_SCALAR && values->data[i]->dtype == DTYPE_I64)
            check_fits(l, value_size(values->data[i]));
}

static Lowered call_runtime(Lowering *l, const char *symbol, const Values *arguments, const Type *type) {
    Values like = {0};
    check_ints(l, arguments);
    if (type->kind == TYPE_SCALAR && type->dtype == DTYPE_BOOL && type->weak && strcmp(symbol, "mnp_list_get") &&
        strcmp(symbol, "mnp_list_pop") && strcmp(symbol, "mnp_list_extreme")) {
        values_add(l->arena, &like, value_new(l->module, VALUE_SCALAR, DTYPE_I64, NULL));
        Value *result = build_runtime(&l->b, symbol, arguments, &like)->results.data[0];
        Value *zero = build_size(&l->b, size_const(0));
        return (Lowered){.value = build_let(&l->b, OP_NE, DTYPE_BOOL, result, zero, NULL)};
    }
    flatten_like(l, type, &like);
    int next = 0;
    return unflatten(l, type, &build_runtime(&l->b, symbol, arguments, &like)->results, &next);
}

/* An array that the runtime made: its strides come with it, but are those of C order. */
static Lowered made_array(Lowering *l, const char *symbol, const Values *arguments, const Type *type) {
    Type strided = *type;
    strided.contiguous = false;
    Lowered lowered = call_runtime(l, symbol, arguments, &strided);
    build_contiguous(type->rank, lowered.value->shape, lowered.value->stride);
    return lowered;
}

Lowered lower_runtime(Lowering *l, TExpr *expr) {
    int count = expr->as.runtime.count;
    Lowered *lowered = ARENA_ARRAY(l->arena, Lowered, count + 1);
    Values arguments = {0};
    for (int i = 0; i < count; i++)
        lowered[i] = lower_expr(l, expr->as.runtime.arguments[i]);
    lower_checks(l, expr->checks);
    for (int i = 0; i < count; i++) {
        const Type *as = expr->as.runtime.as ? expr->as.runtime.as[i] : NULL;
        flatten(l, as ? as : expr->as.runtime.arguments[i]->type, lowered[i], &arguments);
    }
    if (expr->type->kind == TYPE_ARRAY && (!strncmp(expr->as.runtime.symbol, "mnp_list_array", 14) ||
                                            !strcmp(expr->as.runtime.symbol, "mnp_list_concatenate")))
        return made_array(l, expr->as.runtime.symbol, &arguments, expr->type);
    return call_runtime(l, expr->as.runtime.symbol, &arguments, expr->type);
}

/* ---- literals ------------------------------------------------------------------------------ */

Lowered lower_list(Lowering *l, TExpr *expr) {
    int count = expr->as.tuple.count;
    const Type *element = list_element(expr->type);
    Lowered *items = ARENA_ARRAY(l->arena, Lowered, count + 1);
    for (int i = 0; i < count; i++)
        items[i] = lower_expr(l, expr->as.tuple.items[i]);
    Values arguments = {0};
    values_add(l->arena, &arguments, build_size(&l->b, size_const(count)));
    values_add(l->arena, &arguments, type_text(l, element));
    Lowered list = call_runtime(l, "mnp_list_new", &arguments, expr->type);
    for (int i = 0; i < count; i++) {
        Values row = {0};
        values_add(l->arena, &row, list.value);
        flatten(l, element, items[i], &row);
        check_ints(l, &row);
        build_runtime(&l->b, "mnp_list_append", &row, NULL);
    }
    return list;
}

Lowered lower_statements(Lowering *l, TExpr *expr) {
    lower_block(l, &expr->as.block.body);
    return lower_expr(l, expr->as.block.value);
}
