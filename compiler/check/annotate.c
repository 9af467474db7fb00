/* annotate.c: types written as annotations, and the names of sizes in them. */
#include "check/checker.h"

static Size size_name(SizeNames *names, Name name) {
    for (int i = 0; i < names->all.count; i++)
        if (names->all.data[i].name == name) {
            names->all.data[i].spelled |= names->owner != NULL;
            return size_atom(names->all.data[i].atom);
        }
    Atom *atom = atom_var(name);
    Scope *s = names->scope;
    s->facts = facts_ge(s->checker->arena, s->facts, size_atom(atom), size_const(0),
                        "sizes are not negative", (Span){0});
    VEC_PUSH(s->checker->arena, names->all, ((SizeName){name, atom, names->owner != NULL}));
    return size_atom(atom);
}

static bool annotated_size(SizeNames *names, const Ast *node, int axis, Size *size);

/* max(n - 2, 0) and min(n, m). */
static bool annotated_extreme(SizeNames *names, const Ast *node, bool max, int axis, Size *size) {
    Size next;
    if (!node || !annotated_size(names, node, axis, size))
        return false;
    for (node = node->next; node; node = node->next) {
        if (!annotated_size(names, node, axis, &next))
            return false;
        *size = max ? size_max(*size, next) : size_min(*size, next);
    }
    return true;
}

static bool annotated_size(SizeNames *names, const Ast *node, int axis, Size *size) {
    Size left, right;
    if (node->kind == AST_INT && !node->as.integer.too_big) {
        *size = size_const(node->as.integer.value);
        return true;
    }
    if (node->kind == AST_NAME) {
        *size = size_name(names, node->as.name.id);
        return true;
    }
    if (node->kind == AST_SLICE && !node->as.slice.lower && !node->as.slice.upper) {
        *size = size_fresh(names->owner ? arena_printf(names->scope->checker->arena, "%s_%d", names->owner, axis)
                                        : "size");
        names->scope->facts = facts_ge(names->scope->checker->arena, names->scope->facts, *size,
                                       size_const(0), "sizes are not negative", node->span);
        return true;
    }
    bool call = node->kind == AST_CALL && node->as.call.callee->kind == AST_NAME;
    Name name = call ? node->as.call.callee->as.name.id : NULL;
    if (call && (!strcmp(name, "max") || !strcmp(name, "min")))
        return annotated_extreme(names, node->as.call.arguments, !strcmp(name, "max"), axis, size);
    if (node->kind != AST_BINARY || !annotated_size(names, node->as.binary.left, axis, &left) ||
        !annotated_size(names, node->as.binary.right, axis, &right))
        return false;
    int64_t divisor;
    switch ((int)node->as.binary.op) {
    case AST_OP_ADD: *size = size_add(left, right); return true;
    case AST_OP_SUB: *size = size_sub(left, right); return true;
    case AST_OP_MUL: *size = size_mul(left, right); return true;
    case AST_OP_FLOORDIV:
    case AST_OP_MOD:
        if (!size_is_const(right, &divisor) || divisor == 0)
            return false;
        *size = node->as.binary.op == AST_OP_MOD ? size_mod(left, right) : size_floordiv(left, right);
        return true;
    default: return false;
    }
}

/* np.float64 */
static bool is_numpys_dtype(const Checker *c, const Ast *node, DType *dtype) {
    const Ast *value = node->kind == AST_ATTRIBUTE ? node->as.attribute.value : NULL;
    for (int i = 0; value && value->kind == AST_NAME && i < c->imports.count; i++)
        if (c->imports.data[i].name == value->as.name.id && !strcmp(c->imports.data[i].module, "np"))
            return dtype_by_name(node->as.attribute.name, dtype);
    return false;
}

static bool scalar_annotation(Checker *c, const Ast *node, const Type **type) {
    DType dtype;
    if (node->kind == AST_NAME && !strcmp(node->as.name.id, "int"))
        *type = type_scalar(c, DTYPE_I64, true);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "float"))
        *type = type_scalar(c, DTYPE_F64, true);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "complex"))
        *type = type_scalar(c, DTYPE_C128, true);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "bool"))
        *type = type_scalar(c, DTYPE_BOOL, true);
    else if (is_numpys_dtype(c, node, &dtype) || (node->kind == AST_NAME && dtype_by_name(node->as.name.id, &dtype)))
        *type = type_scalar(c, dtype, false);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "list"))
        *type = type_list(c, NULL);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "str"))
        *type = type_simple(c, TYPE_STRING);
    else if (node->kind == AST_NONE)
        *type = type_simple(c, TYPE_NONE);
    else
        return false;
    return true;
}

/* Annotations that say to people, or to other programs, what mnp does not read. */
static bool is_pythons(const Ast *node) {
    static const char *const others[] = {
        "Any", "Callable", "Dict", "Iterable", "Iterator", "List", "Literal", "Mapping", "NDArray", "ArrayLike", "Optional",
        "Sequence", "Set", "Tuple", "Union", "dict", "ndarray", "object", "set", "bytes", "type", "Generator", "TypeVar"};
    if (node->kind == AST_INDEX)
        node = node->as.index.value;
    for (size_t i = 0; node->kind == AST_NAME && i < sizeof others / sizeof *others; i++)
        if (!strcmp(node->as.name.id, others[i]))
            return true;
    return node->kind == AST_ATTRIBUTE || node->kind == AST_STRING ||
           (node->kind == AST_BINARY && node->as.binary.op == AST_OP_OR);
}

static void report_annotation(Scope *s, const Ast *node) {
    const SourceFile *file = source_file(node->span.file);
    if (is_pythons(node) && file) {
        uint32_t length = node->span.end - node->span.start;
        const char *text = arena_printf(s->checker->arena, "the annotation %.*s", (int)length, file->text + node->span.start);
        diag_unsupported(node->span, text, "the dtype and the axes, as in f64[:], f64[n, m], list[float] or int");
        return;
    }
    Diag *diag = diag_error(node->span, DIAG_BAD_ANNOTATION, "this annotation names no type");
    diag_help(diag, "types are written as in f64, f64[n, m], f64[:, :], int, tuple[f64[n], int]");
}

const Type *annotated_type(SizeNames *names, const Ast *node) {
    Checker *c = names->scope->checker;
    const Type *type, *item;
    Size shape[TYPED_RANK_MAX];
    int count = 0;
    if (scalar_annotation(c, node, &type))
        return type;
    bool tuple = node->kind == AST_INDEX && node->as.index.value->kind == AST_NAME &&
                 !strcmp(node->as.index.value->as.name.id, "tuple");
    if (tuple) {
        const Type **items = ARENA_ARRAY(c->arena, const Type *, node->as.index.count);
        for (const Ast *part = node->as.index.indices; part; part = part->next)
            if ((items[count++] = annotated_type(names, part))->kind == TYPE_POISON)
                return items[count - 1];
        return type_tuple(c, items, count);
    }
    bool list = node->kind == AST_INDEX && node->as.index.value->kind == AST_NAME && node->as.index.count == 1 &&
                !strcmp(node->as.index.value->as.name.id, "list");
    if (list) {
        item = annotated_type(names, node->as.index.indices);
        item = item->kind == TYPE_POISON ? item : element_type(names->scope, item, node->span);
        return !item || item->kind == TYPE_POISON ? type_simple(c, TYPE_POISON) : type_list(c, item);
    }
    if (node->kind == AST_INDEX && scalar_annotation(c, node->as.index.value, &item) &&
        item->kind == TYPE_SCALAR && node->as.index.count <= TYPED_RANK_MAX) {
        bool fine = true;
        for (const Ast *size = node->as.index.indices; size && fine; size = size->next)
            fine = annotated_size(names, size, count, &shape[count]), count++;
        if (fine)
            return type_array(c, item->dtype, count, shape, true);
    }
    report_annotation(names->scope, node);
    return type_simple(c, TYPE_POISON);
}

const Type *check_annotation(Scope *s, const Ast *node) {
    SizeNames names = {.scope = s};
    return annotated_type(&names, node);
}
