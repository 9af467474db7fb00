/* logic.c: comparisons, and, or, conditional expressions; what is true. Where calls on some paths only assign outer
 * variables, the expression becomes statements, which join what they assign. */
#include "check/either.h"
#include "check/sequence.h"

static bool same_text(const TExpr *a, const TExpr *b) {
    return a->as.string.length == b->as.string.length && !memcmp(a->as.string.data, b->as.string.data, a->as.string.length);
}

/* `in` is written as an AND of strings. */
static TExpr *string_comparison(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    bool in = op == AST_OP_IN || op == AST_OP_NOT_IN;
    static const int ops[] = {[AST_OP_EQ] = OP_EQ, [AST_OP_NE] = OP_EQ, [AST_OP_LT] = OP_LT,
                              [AST_OP_LE] = OP_LE, [AST_OP_GT] = OP_GT, [AST_OP_GE] = OP_GE};
    if (op == AST_OP_IS || op == AST_OP_IS_NOT ) {
        diag_unsupported(span, "this comparison of strings", "'=='");
        return texpr_poison(s, span);
    }
    if (left->kind == TEXPR_STRING && right->kind == TEXPR_STRING && (op == AST_OP_EQ || op == AST_OP_NE))
        return texpr_bool(s, same_text(left, right) == (op == AST_OP_EQ), span);
    TExpr *expr = texpr_new(s, TEXPR_OP, span, type_scalar(s->checker, DTYPE_BOOL, true));
    expr->as.op.op = !in ? (Op)ops[op] : OP_AND;
    expr->as.op.python = true;
    expr->as.op.operands[0] = left;
    expr->as.op.operands[1] = right;
    return op == AST_OP_NE || op == AST_OP_NOT_IN ? make_op(s, OP_NOT, &expr, span) : expr;
}

/* value in (a, b, c): it equals one of them. */
static TExpr *in_tuple(Scope *s, bool negated, TExpr *value, TExpr *tuple, Span span) {
    TExpr *found = texpr_bool(s, false, span);
    value = texpr_once(s, value);
    tuple = tuple->kind == TEXPR_TUPLE ? tuple : texpr_once(s, tuple);
    TypeKind kind = value->type->kind;
    for (int i = 0; i < tuple->type->count; i++) {
        TypeKind other = tuple->type->items[i]->kind;
        bool either = kind == TYPE_EITHER || other == TYPE_EITHER || other == TYPE_NONE;
        bool simple = (kind == TYPE_SCALAR || kind == TYPE_STRING) && (other == TYPE_SCALAR || other == TYPE_STRING);
        if (!simple && !either) {
            diag_unsupported(span, "'in' of these values", "'=='");
            return texpr_poison(s, span);
        }
        if (kind != other && !either)
            continue;
        TExpr *same = compare_two(s, AST_OP_EQ, value, tuple_item(s, tuple, i, span), span);
        TExpr *both[] = {found, texpr_cast(s, texpr_truth(s, same), DTYPE_BOOL, true)};
        if (is_poison(both[1]))
            return both[1];
        found = make_op(s, OP_LOGICAL_OR, both, span);
    }
    return negated ? make_op(s, OP_NOT, &found, span) : found;
}

/* Its kind is known without evaluating it. */
static bool is_plain(const TExpr *value) {
    for (int i = 0; value->kind == TEXPR_TUPLE && i < value->as.tuple.count; i++)
        if (!is_plain(value->as.tuple.items[i]))
            return false;
    return value->kind == TEXPR_VARIABLE || value->kind == TEXPR_NONE || value->kind == TEXPR_CONST ||
           value->kind == TEXPR_STRING || value->kind == TEXPR_TUPLE;
}

/* The result, once both are evaluated (the second one may be NULL). */
TExpr *value_behind(Scope *s, TExpr *left, TExpr *right, TExpr *result) {
    TBlock *outer = s->block, block = {0};
    if (is_plain(left) && (!right || is_plain(right)))
        return result;
    s->block = &block;
    stmt_new(s, TSTMT_EXPRESSION, left->span)->as.expression.value = left;
    if (right)
        stmt_new(s, TSTMT_EXPRESSION, right->span)->as.expression.value = right;
    s->block = outer;
    TExpr *expr = texpr_new(s, TEXPR_BLOCK, result->span, result->type);
    expr->as.block.body = block;
    expr->as.block.value = result;
    return expr;
}

/* value is None, or is not. */
static TExpr *is_none(Scope *s, TExpr *value, bool wanted, Span span) {
    if (!either_has_none(value->type))
        return value_behind(s, value, NULL, texpr_bool(s, (value->type->kind == TYPE_NONE) == wanted, span));
    TExpr *test = either_is_none(s, value, span);
    return wanted ? test : make_op(s, OP_NOT, &test, span);
}

static void narrow_name(Scope *s, Name name, bool none, Span span) {
    Binding *binding = scope_find(s, name);
    Name key = binding ? NULL : outer_key(s, name);
    binding = key ? scope_find(s, outer_here(s, key)) : binding;
    if (!binding || !binding->variable || !either_has_none(binding->variable->type))
        return;
    TExpr *value = none ? texpr_new(s, TEXPR_NONE, span, type_simple(s->checker, TYPE_NONE))
                        : either_some(s, variable_expr(s, binding->variable, span));
    Name bound = binding->name;
    scope_bind(s, bound, assign_new(s, bound, value, span));
}

void narrow_names(Scope *s, const Ast *test, bool truth) {
    if (test->kind == AST_NAME && truth)
        narrow_name(s, test->as.name.id, false, test->span);
    if (test->kind == AST_UNARY && test->as.unary.op == AST_OP_NOT)
        narrow_names(s, test->as.unary.operand, !truth);
    bool all = test->kind == AST_BOOLEAN && (test->as.boolean.op == AST_OP_BOOL_AND) == truth;
    for (const Ast *operand = all ? test->as.boolean.operands : NULL; operand; operand = operand->next)
        narrow_names(s, operand, truth);
    bool compares = test->kind == AST_COMPARE && test->as.compare.count == 1 && test->as.compare.operands->kind == AST_NONE &&
                    test->as.compare.first->kind == AST_NAME;
    AstOp op = compares ? test->as.compare.ops[0] : AST_OP_EQ;
    if (compares && (op == AST_OP_IS || op == AST_OP_IS_NOT))
        narrow_name(s, test->as.compare.first->as.name.id, (op == AST_OP_IS) == truth, test->span);
}

/* The test tells about a name whether it is None. */
static bool narrows(Scope *s, const Ast *test) {
    if (test->kind == AST_UNARY)
        return narrows(s, test->as.unary.operand);
    for (const Ast *operand = test->kind == AST_BOOLEAN ? test->as.boolean.operands : NULL; operand; operand = operand->next)
        if (narrows(s, operand))
            return true;
    const Ast *name = test->kind == AST_COMPARE ? test->as.compare.first : test;
    Binding *binding = name->kind == AST_NAME ? scope_find(s, name->as.name.id) : NULL;
    return binding && binding->variable && either_has_none(binding->variable->type);
}

TExpr *compare_two(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    if (is_poison(left) || is_poison(right))
        return texpr_poison(s, span);
    if (left->type->kind == TYPE_DTYPE || right->type->kind == TYPE_DTYPE)
        return compare_dtypes(s, op, left, right, span);
    TExpr *lists = list_comparison(s, op, left, right, span);
    if (lists)
        return lists;
    TExpr *ranges = range_comparison(s, op, left, right, span);
    if (ranges)
        return ranges;
    if (left->type->kind == TYPE_STRING && right->type->kind == TYPE_STRING)
        return string_comparison(s, op, left, right, span);
    bool identity = op == AST_OP_IS || op == AST_OP_IS_NOT;
    if (identity && right->type->kind == TYPE_NONE)
        return is_none(s, left, op == AST_OP_IS, span);
    bool nones = left->type->kind == TYPE_NONE || right->type->kind == TYPE_NONE;
    bool arrays = left->type->kind == TYPE_ARRAY || right->type->kind == TYPE_ARRAY;
    bool either = left->type->kind == TYPE_EITHER || right->type->kind == TYPE_EITHER;
    if ((op == AST_OP_EQ || op == AST_OP_NE) && nones && !arrays && !either)
        return value_behind(s, left, right, texpr_bool(s, (left->type->kind == right->type->kind) == (op == AST_OP_EQ), span));
    if (!identity && (op == AST_OP_IN || op == AST_OP_NOT_IN) && right->type->kind == TYPE_TUPLE)
        return in_tuple(s, op == AST_OP_NOT_IN, left, right, span);
    if (identity || op == AST_OP_IN || op == AST_OP_NOT_IN) {
        diag_unsupported(span, arena_printf(s->checker->arena, "'%s' of these values",
                                            ast_op_text(op)), "'=='");
        return texpr_poison(s, span);
    }
    return check_binary(s, op, left, right, span);
}

static TExpr *ambiguous(Scope *s, Span span) {
    Diag *diag = diag_error(span, DIAG_AMBIGUOUS_TRUTH,
                            "an array of more than one element is neither true nor false");
    diag_help(diag, "write .any() or .all()");
    return texpr_poison(s, span);
}

static bool constant_truth(const TExpr *value, bool *truth) {
    if (value->kind != TEXPR_CONST || value->type->dtype != DTYPE_BOOL)
        return false;
    *truth = value->as.constant.i != 0;
    return true;
}

/* `truth`: only whether it is true matters, so operands of different types are fine. */
static TExpr *logic_new(Scope *s, TExprKind kind, TExpr *left, TExpr *right, bool truth, Span span) {
    bool known;
    if (is_poison(left) || is_poison(right))
        return texpr_poison(s, span);
    if (left->type->kind == TYPE_ARRAY || (truth && right->type->kind == TYPE_ARRAY))
        return ambiguous(s, span);
    if (truth) {
        left = texpr_cast(s, texpr_truth(s, left), DTYPE_BOOL, true);
        right = texpr_cast(s, texpr_truth(s, right), DTYPE_BOOL, true);
    }
    if (constant_truth(left, &known))
        return known == (kind == TEXPR_AND) ? right : left;
    if (left->type->kind != TYPE_SCALAR || !type_same(left->type, right->type, false)) {
        left = texpr_once(s, left);
        TExpr *test = texpr_cast(s, texpr_truth(s, left), DTYPE_BOOL, true);
        return kind == TEXPR_AND ? conditional_new(s, test, right, left, span) : conditional_new(s, test, left, right, span);
    }
    TExpr *expr = texpr_new(s, kind, span, left->type);
    expr->as.logic.left = left;
    expr->as.logic.right = right;
    if (left->size)
        expr->size = size_fresh("value");
    return expr;
}

/* left op operand op ...: each operand is evaluated once, and only where those before it hold. */
static TExpr *compare_from(Scope *s, const Ast *node, TExpr *left, const Ast *operand, int i, bool truth) {
    s->branches += i > 0;
    TExpr *right = check_expr(s, operand);
    s->branches -= i > 0;
    if (operand->next)
        right = texpr_once(s, right);
    Span span = span_join(left->span, right->span);
    TExpr *one = compare_two(s, node->as.compare.ops[i], left, right, span);
    if (!operand->next)
        return one;
    TExpr *rest = compare_from(s, node, right, operand->next, i + 1, truth);
    return logic_new(s, TEXPR_AND, one, rest, truth, node->span);
}

TExpr *check_compare(Scope *s, const Ast *node, bool truth) {
    TExpr *first = check_expr(s, node->as.compare.first);
    return compare_from(s, node, first, node->as.compare.operands, 0, truth);
}

static TExpr *check_truth(Scope *s, const Ast *node);

/* One of the nodes of a list does. */
static bool assigns_outer_later(Scope *s, const Ast *node) {
    for (; node; node = node->next)
        if (assigns_outer(s, node))
            return true;
    return false;
}

/* value, or whether it is true */
static Ast *ast_or_truth(Scope *s, const Ast *value, bool truth) {
    return truth ? ast_not(s, ast_not(s, ast_copy(s, value))) : ast_copy(s, value);
}

/* h = a; if h: h = b; ... for `and`. */
static TExpr *boolean_by_statements(Scope *s, const Ast *node, bool truth) {
    Inset *inset = inset_open(s, node->span);
    const Ast *operand = node->as.boolean.operands;
    Name name = bind_hidden(s, "logic", check_expr(s, ast_or_truth(s, operand, truth)));
    Ast *first = NULL, **link = &first;
    for (operand = operand->next; operand; operand = operand->next) {
        Ast *test = ast_name(s, name, node->span);
        test = node->as.boolean.op == AST_OP_BOOL_AND ? test : ast_not(s, test);
        *link = ast_if(s, test, ast_assign(s, name, ast_or_truth(s, operand, truth)));
        link = &(*link)->as.branch.body->next;
    }
    check_statement(s, first);
    return inset_close(inset, check_expr(s, ast_name(s, name, node->span)));
}

TExpr *check_boolean(Scope *s, const Ast *node, bool truth) {
    bool is_and = node->as.boolean.op == AST_OP_BOOL_AND, known;
    if (!s->branches && assigns_outer_later(s, node->as.boolean.operands->next))
        return boolean_by_statements(s, node, truth);
    Facts *facts = s->facts;
    const Ast *operand = node->as.boolean.operands;
    TExpr *result = truth ? check_truth(s, operand) : check_expr(s, operand);
    for (operand = operand->next; operand; operand = operand->next) {
        if (constant_truth(result, &known) && known != is_and)
            break;
        s->facts = assume(s, s->facts, result, is_and, "an earlier operand");
        s->branches++;
        TExpr *right = truth ? check_truth(s, operand) : check_expr(s, operand);
        s->branches--;
        result = logic_new(s, is_and ? TEXPR_AND : TEXPR_OR, result, right, truth, node->span);
    }
    s->facts = facts;
    return result;
}

/* An expression of which only the truth matters, as a bool. */
static TExpr *check_truth(Scope *s, const Ast *node) {
    TCheck **outer = s->checks, *checks = NULL;
    s->checks = &checks;
    TExpr *value = node->kind == AST_BOOLEAN   ? check_boolean(s, node, true)
                   : node->kind == AST_COMPARE ? check_compare(s, node, true)
                                               : check_expr(s, node);
    s->checks = outer;
    value = texpr_decay(s, value);
    if (is_poison(value))
        return value;
    if (value->type->kind == TYPE_ARRAY)
        return ambiguous(s, node->span);
    TExpr *truth = texpr_truth(s, value);
    TCheck **link = &truth->checks;
    while (*link)
        link = &(*link)->next;
    if (*link != checks)
        *link = checks;
    return truth;
}

TExpr *check_test(Scope *s, const Ast *node) {
    return check_truth(s, node);
}

TExpr *conditional_new(Scope *s, TExpr *test, TExpr *then, TExpr *otherwise, Span span) {
    Arena *arena = s->checker->arena;
    if (is_poison(test) || is_poison(then) || is_poison(otherwise))
        return texpr_poison(s, span);
    const Type *type = join_types(s, then->type, otherwise->type);
    if (!type && (type = either_join(s, then->type, otherwise->type))) {
        then = either_widen(s, then, type);
        otherwise = either_widen(s, otherwise, type);
    }
    if (!type || !may_become_text(type)) {
        Diag *diag = diag_unsupported(span, "a conditional expression of these types", "an if statement");
        diag_note(diag, then->span, "this is %s", type_print(arena, then->type));
        diag_note(diag, otherwise->span, "this is %s", type_print(arena, otherwise->type));
        return texpr_poison(s, span);
    }
    TExpr *expr = texpr_new(s, TEXPR_CONDITIONAL, span, own_sizes(s, type, NULL));
    expr->as.conditional.test = test;
    expr->as.conditional.then = then;
    expr->as.conditional.otherwise = otherwise;
    if (then->size)
        expr->size = size_fresh("value");
    return expr;
}

/* if test: h = a else: h = b */
static TExpr *conditional_by_statements(Scope *s, const Ast *node) {
    Inset *inset = inset_open(s, node->span);
    Name name = hidden_name(s, "choice");
    Ast *branch = ast_if(s, ast_copy(s, node->as.conditional.test), ast_assign(s, name, node->as.conditional.body));
    branch->as.branch.otherwise = ast_assign(s, name, node->as.conditional.otherwise);
    check_statement(s, branch);
    return inset_close(inset, check_expr(s, ast_name(s, name, node->span)));
}

TExpr *check_conditional(Scope *s, const Ast *node) {
    bool writes = assigns_outer(s, node->as.conditional.body) || assigns_outer(s, node->as.conditional.otherwise);
    if (!s->branches && (writes || narrows(s, node->as.conditional.test)))
        return conditional_by_statements(s, node);
    TExpr *test = check_truth(s, node->as.conditional.test);
    Facts *facts = s->facts;
    bool known;
    if (constant_truth(test, &known))
        return check_expr(s, known ? node->as.conditional.body : node->as.conditional.otherwise);
    s->facts = assume(s, facts, test, true, "the condition");
    s->branches++;
    TExpr *then = check_expr(s, node->as.conditional.body);
    s->facts = assume(s, facts, test, false, "the condition");
    TExpr *otherwise = check_expr(s, node->as.conditional.otherwise);
    s->branches--;
    s->facts = facts;
    return conditional_new(s, test, then, otherwise, node->span);
}
