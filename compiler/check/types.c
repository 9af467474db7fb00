/* types.c: types, made and shown. */
#include "check/checker.h"

const Type *type_simple(Checker *c, TypeKind kind) {
    Type *type = ARENA_NEW(c->arena, Type);
    type->kind = kind;
    return type;
}

const Type *type_scalar(Checker *c, DType dtype, bool weak) {
    Type *type = (Type *)type_simple(c, TYPE_SCALAR);
    type->dtype = dtype;
    type->weak = weak;
    return type;
}

const Type *type_array(Checker *c, DType dtype, int rank, const Size *shape, bool contiguous) {
    Type *type = (Type *)type_simple(c, TYPE_ARRAY);
    type->dtype = dtype;
    type->rank = rank;
    type->contiguous = contiguous;
    if (rank)
        memcpy(type->shape, shape, sizeof(Size) * (size_t)rank);
    return type;
}

const Type *type_tuple(Checker *c, const Type **items, int count) {
    Type *type = (Type *)type_simple(c, TYPE_TUPLE);
    type->items = items;
    type->count = count;
    return type;
}

const Type *type_with_items(Checker *c, const Type *like, const Type **items) {
    Type *type = (Type *)type_tuple(c, items, like->count);
    type->kind = like->kind;
    return type;
}

ListCell *list_cell(const Type *list) {
    ListCell *cell = list->cell;
    while (cell->same)
        cell = cell->same;
    return cell;
}

const Type *type_list(Checker *c, const Type *element) {
    Type *type = (Type *)type_simple(c, TYPE_LIST);
    type->cell = ARENA_NEW(c->arena, ListCell);
    type->cell->element = element;
    return type;
}

const Type *list_element(const Type *list) {
    return list_cell(list)->element;
}

void list_decide(const Type *list, const Type *element) {
    list_cell(list)->element = element;
}

static bool lists_same(const Type *a, const Type *b) {
    ListCell *x = list_cell(a), *y = list_cell(b);
    if (x == y)
        return true;
    if (x->element && y->element)
        return type_same(x->element, y->element, false);
    if (x->element)
        y->same = x;
    else
        x->same = y;
    return true;
}

bool type_is_int(const Type *type) {
    return type->kind == TYPE_SCALAR && dtype_is_integer(type->dtype);
}

bool type_is_python_int(const Type *type) {
    return type->kind == TYPE_SCALAR && type->weak && type->dtype == DTYPE_I64;
}

bool type_is_number(const Type *type) {
    return type->kind == TYPE_SCALAR || type->kind == TYPE_ARRAY;
}

Size size_fresh(const char *name) {
    return size_atom(atom_var(name));
}

static void scalar_to_text(Text *text, const Type *type) {
    if (!type->weak)
        text_printf(text, "np.%s", dtype_info(type->dtype)->numpy);
    else
        text_printf(text, type->dtype == DTYPE_I64   ? "int"
                          : type->dtype == DTYPE_F64 ? "float"
                          : type->dtype == DTYPE_C128 ? "complex"
                                                     : "bool");
}

static void type_to_text(Text *text, const Type *type) {
    static const char *const words[] = {
        [TYPE_POISON] = "?", [TYPE_NONE] = "None", [TYPE_STRING] = "str",
        [TYPE_FUNCTION] = "function", [TYPE_MODULE] = "module", [TYPE_DTYPE] = "dtype",
        [TYPE_RANGE] = "range", [TYPE_LOADED] = "array", [TYPE_SLICE] = "slice", [TYPE_LIST] = "list", [TYPE_EITHER] = "either",
        [TYPE_CONSTANT] = "constant"};
    if (type->kind == TYPE_SCALAR) {
        scalar_to_text(text, type);
    } else if (type->kind == TYPE_ARRAY) {
        text_printf(text, "%s[", dtype_info(type->dtype)->name);
        for (int i = 0; i < type->rank; i++) {
            text_printf(text, "%s", i ? ", " : "");
            size_to_text(text, type->shape[i]);
        }
        text_printf(text, "]");
    } else if (type->kind == TYPE_TUPLE) {
        text_printf(text, "tuple[");
        for (int i = 0; i < type->count; i++) {
            text_printf(text, "%s", i ? ", " : "");
            type_to_text(text, type->items[i]);
        }
        text_printf(text, "]");
    } else if (type->kind == TYPE_EITHER) {
        for (int i = 1; i < type->count; i++) {
            text_printf(text, "%s", i > 1 ? " or " : "");
            type_to_text(text, type->items[i]);
        }
    } else if (type->kind == TYPE_LIST && list_element(type)) {
        text_printf(text, "list[");
        type_to_text(text, list_element(type));
        text_printf(text, "]");
    } else {
        text_printf(text, "%s", words[type->kind]);
    }
}

const char *type_print(Arena *arena, const Type *type) {
    Text text = {0};
    type_to_text(&text, type);
    const char *copy = arena_strndup(arena, text.data, text.length);
    text_free(&text);
    return copy;
}

bool type_same(const Type *a, const Type *b, bool shapes) {
    if (a->kind != b->kind)
        return false;
    if (a->kind == TYPE_DTYPE)
        return a->dtype == b->dtype && a->weak == b->weak && a->info == b->info;
    if (a->kind == TYPE_FUNCTION || a->kind == TYPE_CONSTANT)
        return a->info == b->info;
    if (a->kind == TYPE_SCALAR)
        return a->dtype == b->dtype && a->weak == b->weak;
    if (type_has_parts(a)) {
        bool same = a->count == b->count;
        for (int i = 0; i < a->count && same; i++)
            same = type_same(a->items[i], b->items[i], shapes);
        return same;
    }
    if (a->kind == TYPE_LIST)
        return lists_same(a, b);
    if (a->kind != TYPE_ARRAY)
        return true;
    if (a->dtype != b->dtype || a->rank != b->rank)
        return false;
    return !shapes || (a->contiguous == b->contiguous &&
                       !memcmp(a->shape, b->shape, sizeof(Size) * (size_t)a->rank));
}
