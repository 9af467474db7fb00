/* stmt.c: statements, and the joins where paths meet. */
#include "check/either.h"

/* ---- assignment ---------------------------------------------------------------------------- */

static bool is_value(Scope *s, TExpr *value) {
    if (is_poison(value))
        return false;
    TypeKind kind = value->type->kind;
    if (kind == TYPE_SCALAR || kind == TYPE_ARRAY || kind == TYPE_TUPLE || kind == TYPE_STRING ||
        kind == TYPE_NONE || kind == TYPE_DTYPE || kind == TYPE_LIST || kind == TYPE_FUNCTION ||
        kind == TYPE_EITHER || kind == TYPE_RANGE)
        return true;
    if (kind == TYPE_LOADED)
        diag_error(value->span, DIAG_BAD_ANNOTATION,
                   "np.load wants an annotation that tells dtype and rank, as in 'a: f64[:, :] = ...'");
    else
        diag_unsupported(value->span,
                         arena_printf(s->checker->arena, "a variable that is %s",
                                      type_print(s->checker->arena, value->type)), "it where it is used");
    return false;
}

Variable *assign_new(Scope *s, Name name, TExpr *value, Span span) {
    Variable *variable = variable_new(s, name, value->type, value->size, span);
    TStmt *stmt = stmt_new(s, TSTMT_ASSIGN, span);
    stmt->as.assign.variable = variable;
    stmt->as.assign.value = value;
    if (name && first_type(value) != value->type) {
        forgive(value, false);
        keep_was(s->checker, variable, first_type(value));
    }
    for (int i = 0; value->kind == TEXPR_TUPLE && i < value->as.tuple.count; i++)
        if (variable->items[i] && value->as.tuple.items[i]->size)
            variable->items[i] = value->as.tuple.items[i]->size;
    return variable;
}

void bind_poison(Scope *s, Name name, Span span) {
    if (!diag_count())   /* nothing is dropped in silence */
        diag_unsupported(span, "this value", "numbers, arrays, tuples, lists or strings");
    scope_bind(s, name, variable_new(s, name, type_simple(s->checker, TYPE_POISON), NULL, span));
}

static bool require_same_shape(Scope *s, const Type *target, TExpr *value, Span span) {
    int skip = value->type->kind == TYPE_ARRAY ? target->rank - value->type->rank : target->rank;
    if (skip < 0) {
        diag_error(span, DIAG_SHAPE_MISMATCH, "%s cannot be assigned to %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, target));
        return false;
    }
    for (int axis = 0; value->type->kind == TYPE_ARRAY && axis < value->type->rank; axis++) {
        Size from = value->type->shape[axis], to = target->shape[axis + skip];
        if (from == size_const(1) || from == to)
            continue;
        require_equal(s, from, to, "BROADCAST", "shapes of the assignment", span);
    }
    return true;
}

/* Of what is taken from an array, the array counts. */
static bool is_readonly(const TExpr *target) {
    const TExpr *base = target->kind == TEXPR_INDEX    ? target->as.index.base
                        : target->kind == TEXPR_GATHER ? target->as.gather.base
                        : target->kind == TEXPR_MASK   ? target->as.mask.base
                                                       : target;
    return base->type->kind == TYPE_ARRAY && base->type->readonly;
}

bool require_assignable(Scope *s, const TExpr *target, TExpr *value, Span span) {
    if (is_readonly(target)) {
        diag_error(span, DIAG_BAD_TARGET, "this view is read-only");
        return false;
    }
    if (target->type->kind == TYPE_ARRAY)
        return require_same_shape(s, target->type, value, span);
    if (value->type->kind == TYPE_SCALAR)
        return true;
    diag_error(span, DIAG_TYPE_MISMATCH, "an array cannot be assigned to an element");
    return false;
}

/* Elements of an array: basic indexing, or indexing with arrays. */
static bool is_place(const TExpr *target) {
    return (target->kind == TEXPR_INDEX && target->type->kind != TYPE_STRING) || target->kind == TEXPR_GATHER ||
           target->kind == TEXPR_MASK;
}

static void not_a_place(Scope *s, const TExpr *target, Span span) {
    if (target->kind == TEXPR_ITEM)
        diag_error(span, DIAG_BAD_TARGET, "the items of a tuple cannot be assigned to");
    else if (target->type->kind == TYPE_STRING)
        diag_error(span, DIAG_BAD_TARGET, "the characters of a string cannot be assigned to");
    else
        diag_error(span, DIAG_BAD_TARGET, "%s is a value that cannot be assigned to", type_print(s->checker->arena, target->type));
}

void assign_store(Scope *s, TExpr *target, TExpr *value, Span span) {
    if (is_poison(target) || is_poison(value))
        return;
    value = texpr_decay(s, either_value(s, value));
    if (value->type->kind == TYPE_EITHER && type_is_number(target->type))
        value = texpr_cast(s, value, target->type->dtype, false);
    if (is_poison(value))
        return;
    if (!is_place(target)) {
        not_a_place(s, target, span);
        return;
    }
    if (!type_is_number(value->type)) {
        diag_error(span, DIAG_BAD_TARGET, "an element of an array holds a number, not %s",
                   type_print(s->checker->arena, value->type));
        return;
    }
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    bool fits = require_assignable(s, target, value, span);
    s->checks = outer;
    if (!fits)
        return;
    if (value->type->dtype == target->type->dtype)
        forgive(value, true);
    TStmt *stmt = stmt_new(s, TSTMT_STORE, span);
    stmt->as.store.target = target;
    stmt->as.store.value = texpr_cast(s, value, target->type->dtype, false);
    stmt->as.store.checks = checks;
}

static void poison_targets(Scope *s, const Ast *target) {
    for (const Ast *item = target->as.list.items; item; item = item->next)
        if (item->kind == AST_NAME)
            bind_poison(s, item->as.name.id, item->span);
        else if (item->kind == AST_STARRED && item->as.starred.value->kind == AST_NAME)
            bind_poison(s, item->as.starred.value->as.name.id, item->span);
        else if (item->kind == AST_TUPLE || item->kind == AST_LIST)
            poison_targets(s, item);
}

/* An array's rows as items: as many as there are targets. */
static void unpack_array(Scope *s, const Ast *target, TExpr *value, Span span) {
    int count = target->as.list.count;
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    require_equal(s, size_const(count), value->type->shape[0], "UNPACK", "numbers of targets and of values", span);
    s->checks = outer;
    TExpr *array = variable_expr(s, assign_new(s, NULL, value, span), value->span);
    if (checks) {   /* asked once the array is there, in front of its rows */
        array = array_whole(s, array, 0, 0);
        array->checks = checks;
        array = variable_expr(s, assign_new(s, NULL, array, span), value->span);
    }
    TExpr **rows = ARENA_ARRAY(s->checker->arena, TExpr *, count);
    for (int i = 0; i < count; i++) {
        TExpr *row = array_row(s, array, texpr_int(s, i, span), span);
        rows[i] = variable_expr(s, assign_new(s, NULL, row, span), span);
    }
    int i = 0;
    for (const Ast *item = target->as.list.items; item; item = item->next)
        assign_target(s, item, rows[i++], span);
}

/* Takes a tuple apart; each item is evaluated before the first target is assigned. */
static void assign_tuple(Scope *s, const Ast *target, TExpr *value, Span span) {
    int count = target->as.list.count, i = 0;
    value = either_value(s, value);
    if (is_unpacked_apart(target, value)) {
        if (!unpack_sequence(s, target, value, span))
            poison_targets(s, target);
        return;
    }
    if (value->type->kind == TYPE_ARRAY && value->type->rank) {
        unpack_array(s, target, value, span);
        return;
    }
    if (value->type->kind != TYPE_TUPLE || value->type->count != count) {
        diag_error(span, DIAG_TYPE_MISMATCH, "%d targets for %s", count,
                   type_print(s->checker->arena, value->type));
        poison_targets(s, target);
        return;
    }
    TExpr **items = ARENA_ARRAY(s->checker->arena, TExpr *, count);
    if (value->kind != TEXPR_TUPLE)
        value = variable_expr(s, assign_new(s, NULL, value, span), span);
    for (i = 0; i < count; i++) {
        TExpr *item = tuple_item(s, value, i, span);
        items[i] = variable_expr(s, assign_new(s, NULL, item, span), item->span);
    }
    i = 0;
    for (const Ast *item = target->as.list.items; item; item = item->next)
        assign_target(s, item, items[i++], span);
}

/* base[...] as a target: what it asks is passed with it. */
static TExpr *place_in(Scope *s, const Ast *target, TExpr *base) {
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    TExpr *place = check_index_of(s, target, base);
    s->checks = outer;
    texpr_add_checks(place, checks);
    return place;
}

/* NumPy's is a view, through which the numbers may be read later or written; here it is computed. */
static bool is_view_of_parts(const TExpr *value) {
    if (value->kind != TEXPR_OP || value->type->kind != TYPE_ARRAY ||
        (value->as.op.op != OP_REAL && value->as.op.op != OP_IMAG))
        return false;
    const TExpr *whole = value->as.op.operands[0];
    return dtype_is_complex(whole->type->dtype) && (whole->kind == TEXPR_VARIABLE || whole->kind == TEXPR_INDEX);
}

void assign_target(Scope *s, const Ast *target, TExpr *value, Span span) {
    if (target->kind == AST_NAME && is_view_of_parts(value)) {
        diag_unsupported(value->span, "a view of the parts of complex numbers under a name", "a copy of it, as in c.real.copy()");
        value = texpr_poison(s, value->span);
    }
    if (is_poison(value) && target->kind == AST_NAME) {
        bind_poison(s, target->as.name.id, target->span);
        return;
    }
    if (target->kind == AST_NAME) {
        if (!is_value(s, value)) {
            bind_poison(s, target->as.name.id, target->span);
            return;
        }
        scope_bind(s, assigned_name(s, target->as.name.id), assign_new(s, target->as.name.id, value, span));
    } else if (target->kind == AST_INDEX) {
        TExpr *base = check_value(s, target->as.index.value);
        bool list = base->type->kind == TYPE_LIST;
        TExpr *place = list ? NULL : place_in(s, target, base);
        if (list)
            store_in_list(s, target, base, value);
        else
            assign_store(s, place, value, span);
    } else if (target->kind == AST_TUPLE || target->kind == AST_LIST) {
        if (!is_poison(value))
            assign_tuple(s, target, value, span);
        else
            for (const Ast *item = target->as.list.items; item; item = item->next)
                assign_target(s, item, value, span);
    } else {
        if (target->kind == AST_ATTRIBUTE && is_poison(check_expr(s, target->as.attribute.value)))
            return;
        diag_unsupported(target->span, "assigning to this", target->kind == AST_STARRED ? "a tuple around it" : "a variable");
    }
}

/* A list that is written out, as the value of an array's elements. */
static bool is_array_value(Scope *s, const Ast *node) {
    const Ast *target = node->as.assign.targets, *value = node->as.assign.value;
    return value->kind == AST_LIST && node->as.assign.target_count == 1 && target->kind == AST_INDEX &&
           check_expr(s, target->as.index.value)->type->kind == TYPE_ARRAY;
}

static void check_assign(Scope *s, const Ast *node) {
    s->direct = node->as.assign.value;
    s->may_write = node->as.assign.value;
    TExpr *value = is_array_value(s, node) ? index_of_list(s, node->as.assign.value)
                                            : kept_order(s, check_expr(s, node->as.assign.value));
    const Ast *target = node->as.assign.targets;
    if (node->as.assign.target_count > 1 && !is_poison(value) && is_value(s, value)) {
        Variable *variable = assign_new(s, NULL, value, node->span);
        TExpr *shared = texpr_new(s, TEXPR_VARIABLE, value->span, variable->type);
        shared->as.variable = variable;
        shared->size = variable->size;
        value = shared;
    }
    for (int i = 0; i < node->as.assign.target_count; i++, target = target->next)
        assign_target(s, target, value, node->span);
}

/* What a file is said to hold; np.loadtxt makes what its dtype says. */
static bool is_loaded(Scope *s, const TExpr *value, const Type *type) {
    bool text = value->kind == TEXPR_BUILTIN && value->as.builtin.info->kind == FUNCTION_LOADTXT;
    if (!text || ((int)type->dtype == value->as.builtin.how && type->rank <= 2 && type->rank > 0))
        return true;
    diag_error(value->span, DIAG_TYPE_MISMATCH, "np.loadtxt gives an array of %s of rank 1 or 2, the annotation says %s",
               dtype_info((DType)value->as.builtin.how)->name, type_print(s->checker->arena, type));
    return false;
}

static void check_annotated(Scope *s, const Ast *node) {
    const Type *type = check_annotation(s, node->as.annotated.annotation);
    if (!node->as.annotated.value || type->kind == TYPE_POISON) {
        if (node->as.annotated.value && node->as.annotated.target->kind == AST_NAME)
            bind_poison(s, node->as.annotated.target->as.name.id, node->span);
        return;
    }
    TExpr *value = kept_order(s, check_expr(s, node->as.annotated.value));
    bool text = value->kind == TEXPR_BUILTIN && value->as.builtin.info->kind == FUNCTION_LOADTXT;
    if ((value->type->kind == TYPE_LOADED || text) && type->kind == TYPE_ARRAY && is_loaded(s, value, type))
        value->type = type;
    else if (type->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
             type->dtype != value->type->dtype)
        diag_error(value->span, DIAG_TYPE_MISMATCH, "this is %s, the annotation says %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, type));
    else if (!is_poison(value) && (type->kind != value->type->kind || type->rank != value->type->rank ||
                                   (type->kind == TYPE_ARRAY && type->dtype != value->type->dtype)))
        diag_error(value->span, DIAG_TYPE_MISMATCH, "this is %s, the annotation says %s",
                   type_print(s->checker->arena, value->type), type_print(s->checker->arena, type));
    assign_target(s, node->as.annotated.target, value, node->span);
}

/* The parts of a place given by arrays are read and written through: each is evaluated once. */
static TExpr *share_place(Scope *s, TExpr *target) {
    if (target->kind == TEXPR_MASK)
        target->as.mask.base = texpr_once(s, target->as.mask.base);
    if (target->kind != TEXPR_GATHER)
        return target;
    int axes = target->as.gather.base->type->rank;
    target->as.gather.base = texpr_once(s, target->as.gather.base);
    for (int axis = 0; axis < axes; axis++)
        if (target->as.gather.indices[axis])
            target->as.gather.indices[axis] = texpr_once(s, target->as.gather.indices[axis]);
    return target;
}

/* What an element is augmented by, where each kind that it may be of is converted to the element's dtype. */
static TExpr *fit_operand(Scope *s, AstOp op, TExpr *target, TExpr *value) {
    const Type *type = target->type;
    bool arithmetic = op == AST_OP_ADD || op == AST_OP_SUB || op == AST_OP_MUL || op == AST_OP_DIV;
    bool fits = type_is_number(type) && type->dtype == DTYPE_F64 && arithmetic;
    return fits && either_is_within(value->type, type->dtype) ? texpr_cast(s, value, type->dtype, false) : value;
}

/* The result of the operator goes into the place that it was made of. */
static void store_augmented(Scope *s, TExpr *target, TExpr *result, Span span) {
    if (!is_place(target) && target->kind != TEXPR_VARIABLE) {
        not_a_place(s, target, target->span);
        return;
    }
    if (is_readonly(target)) {
        diag_error(target->span, DIAG_BAD_TARGET, "this view is read-only");
        return;
    }
    if (result->kind != TEXPR_OP) {
        diag_unsupported(span, "this operator in place", "an assignment");
        return;
    }
    if (target->type->kind == TYPE_ARRAY && !dtype_can_cast(result->type->dtype, target->type->dtype, 'k')) {
        diag_error(span, DIAG_TYPE_MISMATCH, "a result of dtype %s does not go into %s in place",
                   dtype_info(result->type->dtype)->name, dtype_info(target->type->dtype)->name);
        return;
    }
    TCheck *checks = NULL, **outer = s->checks;
    s->checks = &checks;
    if (target->type->kind == TYPE_ARRAY)
        require_same_shape(s, target->type, result, span);
    s->checks = outer;
    bool arrays = target->kind == TEXPR_GATHER || target->kind == TEXPR_MASK;
    TStmt *stmt = stmt_new(s, arrays ? TSTMT_STORE : TSTMT_AUGMENT, span);
    stmt->as.store.target = target;
    stmt->as.store.value = arrays ? texpr_cast(s, result, target->type->dtype, false) : result;
    stmt->as.store.op = result->as.op.op;
    stmt->as.store.checks = checks;
}

static void check_augmented(Scope *s, const Ast *node) {
    const Ast *target_ast = node->as.augmented.target;
    TExpr *base = target_ast->kind == AST_INDEX ? check_value(s, target_ast->as.index.value) : NULL;
    if (base && base->type->kind == TYPE_LIST) {
        augment_element(s, node, base);
        return;
    }
    TExpr *target = share_place(s, base ? place_in(s, target_ast, base) : check_expr(s, target_ast));
    TExpr *value = check_expr(s, node->as.augmented.value);
    if (target->type->kind == TYPE_LIST && target->kind == TEXPR_VARIABLE && !is_poison(value)) {
        if (node->as.augmented.op == AST_OP_ADD)
            value = list_of(s, node->as.augmented.value, value);
        if (is_poison(value) || augment_list(s, node->as.augmented.op, target, value, node->span))
            return;
    }
    if (value->type->kind == TYPE_EITHER && target->kind != TEXPR_VARIABLE)
        value = fit_operand(s, node->as.augmented.op, target, value);
    TCheck *asked = NULL, **around = s->checks;
    s->checks = &asked;
    TExpr *result = check_binary(s, node->as.augmented.op, target, value, node->span);
    s->checks = around;
    if (is_poison(result))
        return;
    texpr_add_checks(result, asked);
    if (target->kind != TEXPR_VARIABLE && target->type->kind == TYPE_SCALAR && result->type->kind == TYPE_ARRAY) {
        diag_error(node->span, DIAG_TYPE_MISMATCH, "%s does not go into one element",
                   type_print(s->checker->arena, result->type));
        return;
    }
    if (target->kind == TEXPR_VARIABLE && target->type->kind != TYPE_ARRAY) {
        assign_target(s, target_ast, result, node->span);
        return;
    }
    store_augmented(s, target, result, node->span);
}

/* ---- joins --------------------------------------------------------------------------------- */

Bindings copy_bindings(Scope *s, const Bindings *bindings) {
    Bindings copy = {0};
    for (int i = 0; i < bindings->count; i++)
        VEC_PUSH(s->checker->arena, copy, bindings->data[i]);
    return copy;
}

/* The type of a variable that comes from two places; NULL where they do not agree. */
const Type *join_types(Scope *s, const Type *a, const Type *b) {
    if (!type_same(a, b, false))
        return NULL;
    if (type_has_parts(a)) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, a->count);
        for (int i = 0; i < a->count; i++)
            items[i] = join_types(s, a->items[i], b->items[i]);
        return type_with_items(s->checker, a, items);
    }
    bool ordered = a->permuted == b->permuted && !memcmp(a->from, b->from, sizeof a->from);
    if (a->kind != TYPE_ARRAY || (type_same(a, b, true) && ordered))
        return a;
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < a->rank; axis++)
        shape[axis] = a->shape[axis] == b->shape[axis] ? a->shape[axis] : size_fresh("joined");
    return type_array(s->checker, a->dtype, a->rank, shape, a->contiguous && b->contiguous);
}

Variable *variable_in(const Bindings *bindings, Name name) {
    for (int i = 0; i < bindings->count; i++)
        if (bindings->data[i].name == name)
            return bindings->data[i].variable;
    return NULL;
}

void join_error(Scope *s, Name name, const Variable *a, const Variable *b) {
    Arena *arena = s->checker->arena;
    Diag *diag = diag_error(b->span, DIAG_JOIN_TYPES, "'%s' is %s here and %s on another path", name,
                            type_print(arena, b->type), type_print(arena, a->type));
    diag_note(diag, a->span, "the other assignment");
    if (a->type->kind == TYPE_SCALAR && b->type->kind == TYPE_SCALAR)
        diag_help(diag, "give both the same type, as in '%s = 0.0' or float(...)", name);
}

void keep_was(Checker *c, Variable *variable, const Type *was) {
    if (!was || variable->type->kind != TYPE_SCALAR || type_same(was, variable->type, false))
        return;
    variable->was = was;
    VEC_PUSH(c->arena, c->promoted, variable);
}

bool has_several_kinds(const Checker *c, const Ast *function, Name name) {
    for (int i = 0; i < c->several->count; i++)
        if (c->several->data[i].function == function && c->several->data[i].name == name)
            return true;
    return false;
}

void check_promoted(Checker *c, const Ast *function, int from) {
    for (int i = from; i < c->promoted.count; i++) {
        Variable *variable = c->promoted.data[i];
        if (variable->reads <= 0)
            continue;
        if (!has_several_kinds(c, function, variable->name))
            VEC_PUSH(c->arena, *c->several, ((SeveralKinds){.function = function, .name = variable->name}));
        const char *later = type_print(c->arena, variable->type);
        Diag *diag = diag_unsupported(variable->read,
                                      arena_printf(c->arena, "'%s', which may still be %s here and is %s later",
                                                   variable->name, type_print(c->arena, variable->was), later),
                                      arena_printf(c->arena, "%s(...) for its first value",
                                                   variable->type->weak ? "float" : later));
        diag_note(diag, variable->span, "the first value");
    }
    c->promoted.count = from;
}

/* A value of several kinds meets one of fewer: that becomes the same at the end of its branch. */
static void join_either(Scope *s, TStmt *stmt, Variable **a, Variable **b) {
    const Type *type = *a && *b ? either_join(s, (*a)->type, (*b)->type) : NULL;
    if (!type || !either_arises((*a)->type, (*b)->type))
        return;
    TBlock *outer = s->block;
    s->block = &stmt->as.branch.then;
    *a = either_widened(s, *a, type);
    s->block = &stmt->as.branch.otherwise;
    *b = either_widened(s, *b, type);
    s->block = outer;
}

static void join_name(Scope *s, TStmt *stmt, Name name, Variable *a, Variable *b) {
    if (a != b)
        join_either(s, stmt, &a, &b);
    Variable *joined = a == b ? a : NULL;
    if (a && b && a != b) {
        const Type *type = join_types(s, a->type, b->type);
        if (a->type->kind == TYPE_POISON || b->type->kind == TYPE_POISON)
            type = type_simple(s->checker, TYPE_POISON);
        else if (!type && !ask_promotion(a, b))
            join_error(s, name, a, b);
        Size size = a->size == b->size ? a->size : NULL;
        joined = variable_new(s, name, type ? type : type_simple(s->checker, TYPE_POISON), size, a->span);
        keep_was(s->checker, joined, a->was ? a->was : b->was);
        Merge *merges = ARENA_ARRAY(s->checker->arena, Merge, stmt->as.branch.merge_count + 1);
        for (int i = 0; i < stmt->as.branch.merge_count; i++)
            merges[i] = stmt->as.branch.merges[i];
        merges[stmt->as.branch.merge_count++] = (Merge){a, b, joined};
        stmt->as.branch.merges = merges;
    }
    scope_bind(s, name, joined);
}

/* The variable of a name that has probably the same place in both. */
static Variable *variable_near(const Bindings *bindings, int place, Name name) {
    bool there = place < bindings->count && bindings->data[place].name == name;
    return there ? bindings->data[place].variable : variable_in(bindings, name);
}

void join_branches(Scope *s, TStmt *stmt, const Bindings *then, bool then_reaches,
                   const Bindings *otherwise, bool otherwise_reaches) {
    if (!then_reaches || !otherwise_reaches) {
        s->bindings = copy_bindings(s, then_reaches ? then : otherwise);
        s->reachable = then_reaches || otherwise_reaches;
        return;
    }
    s->reachable = true;
    s->bindings = copy_bindings(s, then);
    for (int i = 0; i < then->count; i++)
        join_name(s, stmt, then->data[i].name, then->data[i].variable, variable_near(otherwise, i, then->data[i].name));
    for (int i = 0; i < otherwise->count; i++)
        if (!scope_find(s, otherwise->data[i].name))
            join_name(s, stmt, otherwise->data[i].name, NULL, otherwise->data[i].variable);
}

bool is_main_guard(const Ast *test) {
    return test->kind == AST_COMPARE && test->as.compare.first->kind == AST_NAME &&
           !strcmp(test->as.compare.first->as.name.id, "__name__");
}

static void narrow_in(Scope *s, const Ast *test, bool truth, TBlock *block) {
    TBlock *outer = s->block;
    s->block = block;
    narrow_names(s, test, truth);
    s->block = outer;
}

static void check_if(Scope *s, const Ast *node) {
    if (is_main_guard(node->as.branch.test)) {
        for (const Ast *inner = s->checker->options->library ? NULL : node->as.branch.body; inner;
             inner = inner->next)
            check_statement(s, inner);
        return;
    }
    TExpr *test = check_test(s, node->as.branch.test);
    if (test->kind == TEXPR_CONST) {
        /* Decided before the program runs: `x is None`, a constant option. */
        const Ast *inner = test->as.constant.i ? node->as.branch.body : node->as.branch.otherwise;
        for (; inner; inner = inner->next)
            check_statement(s, inner);
        return;
    }
    TStmt *stmt = stmt_new(s, TSTMT_IF, node->span);
    stmt->as.branch.test = test;
    Bindings before = copy_bindings(s, &s->bindings);
    Facts *facts = s->facts;
    s->facts = assume(s, facts, test, true, "a condition");
    narrow_in(s, node->as.branch.test, true, &stmt->as.branch.then);
    check_block(s, node->as.branch.body, &stmt->as.branch.then);
    Bindings then = s->bindings;
    bool then_reaches = s->reachable;
    Facts *then_facts = s->facts;
    s->bindings = before;
    s->reachable = true;
    s->facts = assume(s, facts, test, false, "a guard");
    narrow_in(s, node->as.branch.test, false, &stmt->as.branch.otherwise);
    check_block(s, node->as.branch.otherwise, &stmt->as.branch.otherwise);
    Bindings otherwise = s->bindings;
    bool otherwise_reaches = s->reachable;
    if (!then_reaches && otherwise_reaches)
        facts = s->facts;
    else if (then_reaches && !otherwise_reaches)
        facts = then_facts;
    s->facts = facts;
    join_branches(s, stmt, &then, then_reaches, &otherwise, otherwise_reaches);
}

/* ---- return, assert, raise ----------------------------------------------------------------- */

/* What the annotation promises of an axis; sizes that it leaves open are the value's. */
static Size promised_size(Scope *s, Size declared, Size have) {
    Size promised = size_substitute_all(declared, s->open_atoms, s->open_sizes, s->open_count);
    if (promised != declared || !size_is_open(s, declared) || s->open_count == TYPED_RANK_MAX * 4)
        return promised;
    s->open_atoms[s->open_count] = size_as_atom(declared);
    s->open_sizes[s->open_count++] = have;
    return have;
}

static TExpr *fit_result(Scope *s, TExpr *value, const Type *declared) {
    Arena *arena = s->checker->arena;
    if (is_poison(value) || declared->kind == TYPE_POISON)
        return value;
    if (declared->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
        dtype_info(declared->dtype)->class >= dtype_info(value->type->dtype)->class)
        return s->function->exported ? texpr_cast(s, value, declared->dtype, declared->weak) : value;
    if (declared->kind == TYPE_SCALAR && value->type->kind == TYPE_EITHER && either_is_within(value->type, declared->dtype))
        return s->function->exported ? texpr_cast(s, value, declared->dtype, declared->weak) : value;
    if (declared->kind == TYPE_TUPLE && value->kind == TEXPR_TUPLE &&
        declared->count == value->type->count) {
        const Type **types = ARENA_ARRAY(arena, const Type *, declared->count);
        for (int i = 0; i < declared->count; i++) {
            value->as.tuple.items[i] = fit_result(s, value->as.tuple.items[i], declared->items[i]);
            types[i] = value->as.tuple.items[i]->type;
        }
        value->type = type_tuple(s->checker, types, declared->count);
        return value;
    }
    if (!type_same(declared, value->type, false)) {
        diag_error(value->span, DIAG_RETURN_MISMATCH, "this is %s, the function promises %s",
                   type_print(arena, value->type), type_print(arena, declared));
        return value;
    }
    for (int axis = 0; declared->kind == TYPE_ARRAY && axis < declared->rank; axis++) {
        Size promised = promised_size(s, declared->shape[axis], value->type->shape[axis]);
        Size difference = size_sub(value->type->shape[axis], promised);
        if (prove_eq(s->facts, difference, size_const(0)) == PROVED)
            continue;
        Diag *diag = diag_error(value->span, DIAG_SHAPE_UNPROVED,
                                "axis %d has size %s, the function promises %s", axis,
                                size_print(arena, value->type->shape[axis]),
                                size_print(arena, promised));
        const char *example = prove_example_words(arena, s->facts, FACT_EQ, difference);
        diag_note(diag, value->span, "they differ by %s", size_print(arena, difference));
        if (*example)
            diag_help(diag, "%s; an assert or a guard that excludes this settles it", example);
    }
    return value;
}

static void return_error(Scope *s, const Ast *node, const Type *type, const Type *old) {
    Arena *arena = s->checker->arena;
    Diag *diag = diag_error(node->span, DIAG_JOIN_TYPES, "this returns %s, an earlier return %s",
                            type_print(arena, type), type_print(arena, old));
    if (type->kind == TYPE_SCALAR && old->kind == TYPE_SCALAR)
        diag_help(diag, "give both the same type, as in 'return float(...)'");
}

static void check_return(Scope *s, const Ast *node) {
    s->may_write = node->as.expression.value;
    if (!s->definition) {
        diag_error(node->span, DIAG_OUTSIDE_FUNCTION, "return stands outside of a function");
        return;
    }
    TExpr *value = node->as.expression.value
                       ? kept_order(s, check_expr(s, node->as.expression.value))
                       : texpr_new(s, TEXPR_NONE, node->span, type_simple(s->checker, TYPE_NONE));
    s->open_count = 0;
    if (s->declared)
        value = fit_result(s, value, s->declared);
    if (value->type->kind != TYPE_NONE && !is_poison(value) && !is_value(s, value))
        value = texpr_poison(s, node->span);
    if (value->type->kind == TYPE_FUNCTION) {
        diag_unsupported(value->span, "a function as a result", "a call of it, or the function as an argument");
        value = texpr_poison(s, node->span);
    }
    value = with_written(s, value, node->span);
    const Type *old = s->function->result;
    const Type *joined = old ? join_types(s, old, value->type) : value->type;
    joined = joined ? joined : either_join(s, old, value->type);
    if (!joined && old->kind != TYPE_POISON && !is_poison(value))
        return_error(s, node, value->type, old);
    s->function->result = joined ? joined : type_simple(s->checker, TYPE_POISON);
    TStmt *stmt = stmt_new(s, TSTMT_RETURN, node->span);
    stmt->as.result.value = value;
    VEC_PUSH(s->checker->arena, s->returns, stmt);
    s->reachable = false;
}

static void check_assert(Scope *s, const Ast *node) {
    TExpr *test = check_test(s, node->as.assertion.test);
    TStmt *stmt = stmt_new(s, TSTMT_ASSERT, node->span);
    stmt->as.assertion.test = test;
    if (node->as.assertion.message)
        stmt->as.assertion.message = check_expr(s, node->as.assertion.message);
    s->facts = assume(s, s->facts, test, true, "an assert");
    narrow_names(s, node->as.assertion.test, true);
}

static void check_raise(Scope *s, const Ast *node) {
    static const char *const known[] = {
        "ValueError", "TypeError", "IndexError", "RuntimeError", "ZeroDivisionError",
        "OverflowError", "AssertionError", "ArithmeticError", "NotImplementedError", "Exception",
        "KeyError", "FloatingPointError", "MemoryError", "OSError"};
    const Ast *value = node->as.raise.value;
    const Ast *name = value && value->kind == AST_CALL ? value->as.call.callee : value;
    TStmt *stmt = stmt_new(s, TSTMT_RAISE, node->span);
    for (size_t i = 0; name && name->kind == AST_NAME && i < sizeof known / sizeof *known; i++)
        if (!strcmp(name->as.name.id, known[i]))
            stmt->as.raise.exception = known[i];
    if (!stmt->as.raise.exception || node->as.raise.cause)
        diag_unsupported(node->span, "this raise", "raise ValueError(\"...\")");
    const Ast *message = value && value->kind == AST_CALL ? value->as.call.arguments : NULL;
    if (message) {
        TExpr *text = check_expr(s, message);
        if (!is_poison(text) && (text->type->kind != TYPE_STRING || message->next))
            diag_unsupported(message->span, "this message", "one string");
        stmt->as.raise.message = text;
    }
    s->reachable = false;
}

/* ---- the dispatcher ------------------------------------------------------------------------ */

static void check_expression(Scope *s, const Ast *node) {
    const Ast *inner = node->as.expression.value;
    s->may_write = inner;
    if (inner->kind == AST_STRING || inner->kind == AST_ELLIPSIS)
        return;
    s->direct = inner;
    TExpr *value = check_expr(s, inner);
    if (is_poison(value))
        return;
    TStmt *stmt = stmt_new(s, TSTMT_EXPRESSION, node->span);
    stmt->as.expression.value = value;
}

static void check_delete(Scope *s, const Ast *node) {
    for (const Ast *item = node->as.names.items; item; item = item->next) {
        TExpr *base = item->kind == AST_INDEX ? check_expr(s, item->as.index.value) : NULL;
        if (base && is_poison(base))
            continue;
        if (base && base->type->kind == TYPE_LIST)
            delete_from_list(s, item, base);
        else if (item->kind == AST_NAME && scope_find(s, item->as.name.id))
            scope_bind(s, item->as.name.id, NULL);
        else
            diag_unsupported(item->span, "del of this", "del x, or del items[i] of a list");
    }
}

void check_statement(Scope *s, const Ast *node) {
    if (!s->reachable)
        return;
    TCheck *checks = NULL;
    s->checks = &checks;
    s->may_write = NULL;
    switch ((int)node->kind) {
    case AST_FUNCTION: check_nested(s, node); break;
    case AST_GLOBAL: case AST_NONLOCAL: break;
    case AST_EXPRESSION: check_expression(s, node); break;
    case AST_ASSIGN: check_assign(s, node); break;
    case AST_ANNOTATED: check_annotated(s, node); break;
    case AST_AUGMENTED: check_augmented(s, node); break;
    case AST_RETURN: check_return(s, node); break;
    case AST_PASS: case AST_ERROR: break;
    case AST_BREAK: case AST_CONTINUE: check_leave(s, node); break;
    case AST_ASSERT: check_assert(s, node); break;
    case AST_RAISE: check_raise(s, node); break;
    case AST_IF: check_if(s, node); break;
    case AST_WHILE: check_while(s, node); break;
    case AST_FOR: check_for(s, node); break;
    case AST_DELETE: check_delete(s, node); break;
    case AST_WITH: check_with(s, node); break;
    default: refuse_statement(s, node); break;
    }
    s->checks = NULL;
}

void check_block(Scope *s, const Ast *statements, TBlock *block) {
    TBlock *outer = s->block;
    s->block = block;
    for (; statements; statements = statements->next)
        check_statement(s, statements);
    s->block = outer;
}
