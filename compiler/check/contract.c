/* contract.c: sums of products over axes that have names: einsum, tensordot, dot of more than two axes.
 *
 * Each operand becomes a view with one axis for every name, in the same order: those of the result first, then those that
 * are summed over; an axis that it does not have is one of one element. */
#include "check/call.h"

#include <ctype.h>

enum { OPERANDS_MAX = 6 };

/* An operand's names, one an axis. */
typedef struct {
    TExpr *array;
    char names[TYPED_RANK_MAX + 1];
} Operand;

typedef struct {
    Operand operands[OPERANDS_MAX];
    int count;
    char result[TYPED_RANK_MAX + 1];
    char all[TYPED_RANK_MAX + 1];   /* the result's, then the others */
} Contraction;

static void names_drop(char *names, int at) {
    memmove(names + at, names + at + 1, strlen(names + at));
}

static bool too_many(Span span) {
    diag_unsupported(span, "a product with more than 8 axes", "several products");
    return false;
}

static void require_same(Scope *s, Size a, Size b, Span span) {
    if (a != b)
        require_equal(s, a, b, "BROADCAST", "sizes of the axes of one name", span);
}

/* Where a name stands twice: the diagonal, whose axis is the last. */
static void take_diagonals(Scope *s, Operand *operand, Span span) {
    char *names = operand->names;
    for (int i = 0; names[i]; i++) {
        char name = names[i], *again = strchr(names + i + 1, name);
        if (!again)
            continue;
        int k = (int)(again - names), end = (int)strlen(names);
        const Size *shape = operand->array->type->shape;
        require_same(s, shape[i], shape[k], span);
        operand->array = diagonal_of(s, operand->array, texpr_int(s, 0, span), i, k, span);
        names_drop(names, k);
        names_drop(names, i);
        names[end - 2] = name;
        names[end - 1] = '\0';
        i = -1;
    }
}

/* The operand with an axis for each of `all`. */
static TExpr *aligned(Scope *s, Operand *operand, const char *all, Span span) {
    int order[TYPED_RANK_MAX], have = 0, rank = (int)strlen(all);
    bool fresh[TYPED_RANK_MAX];
    for (int i = 0; i < rank; i++) {
        const char *at = strchr(operand->names, all[i]);
        fresh[i] = !at;
        if (at)
            order[have++] = (int)(at - operand->names);
    }
    TExpr *array = view_permuted(s, operand->array, order, span);
    return have < rank ? view_expanded(s, array, fresh, rank, span) : array;
}

/* The names that the result lacks, in the order of the operands. */
static bool list_names(Contraction *c, Span span) {
    int count = (int)strlen(c->result);
    memcpy(c->all, c->result, sizeof c->all);
    for (int i = 0; i < c->count; i++)
        for (const char *name = c->operands[i].names; *name; name++) {
            if (strchr(c->all, *name))
                continue;
            if (count == TYPED_RANK_MAX)
                return too_many(span);
            c->all[count++] = *name;
            c->all[count] = '\0';
        }
    return true;
}

/* The size of each axis; arrays of one element along it go with any. */
static void find_shape(Scope *s, TExpr *const *views, int count, int rank, Size *shape, Span span) {
    for (int axis = 0; axis < rank; axis++) {
        shape[axis] = size_const(1);
        for (int i = 0; i < count; i++) {
            Size have = views[i]->type->shape[axis];
            if (have == size_const(1))
                continue;
            if (shape[axis] == size_const(1))
                shape[axis] = have;
            else
                require_same(s, shape[axis], have, span);
        }
    }
}

/* `scalar`: a result without axes is one. */
static TExpr *contracted(Scope *s, Contraction *c, bool scalar, Span span) {
    TExpr **views = ARENA_ARRAY(s->checker->arena, TExpr *, OPERANDS_MAX);
    Size shape[TYPED_RANK_MAX];
    if (!list_names(c, span))
        return texpr_poison(s, span);
    DType dtype = c->operands[0].array->type->dtype;
    for (int i = 0; i < c->count; i++) {
        take_diagonals(s, &c->operands[i], span);
        views[i] = aligned(s, &c->operands[i], c->all, span);
        dtype = dtype_promote(dtype, views[i]->type->dtype);
    }
    int rank = (int)strlen(c->result), all = (int)strlen(c->all);
    if (c->count == 1 && rank == all && rank)
        return views[0];
    for (int i = 0; i < c->count; i++)
        views[i] = texpr_cast(s, views[i], dtype, false);
    find_shape(s, views, c->count, all, shape, span);
    const Type *type = rank || !scalar ? type_array(s->checker, dtype, rank, shape, true)
                                       : type_scalar(s->checker, dtype, false);
    TExpr *expr = texpr_new(s, TEXPR_BUILTIN, span, type);
    expr->as.builtin.info = function_find("np", "einsum");
    expr->as.builtin.arguments = views;
    expr->as.builtin.argument_count = c->count;
    expr->as.builtin.how = rank;
    if (type_is_int(type))
        expr->size = size_fresh("value");
    return expr;
}

/* ---- einsum -------------------------------------------------------------------------------- */

/* The names of one operand, or of the result, from text up to a comma, "->" or the end. "..." are names '0' to '7' for as
 * many axes as `dots`; the last of them is '7'. NULL after an error. */
static const char *read_names(Call *call, const char *text, int dots, char *names, bool *dotted) {
    int count = 0;
    *dotted = false;
    for (; *text && *text != ',' && strncmp(text, "->", 2); text++) {
        bool dot = !*dotted && !strncmp(text, "...", 3);
        if (*text == ' ')
            continue;
        if ((!dot && !isalpha((unsigned char)*text)) || count + (dot ? dots : 1) > TYPED_RANK_MAX) {
            diag_error(call->node->span, DIAG_BAD_CALL, "'%s' are no names of axes", text);
            return NULL;
        }
        for (int i = 0; dot && i < dots; i++)
            names[count++] = (char)('0' + TYPED_RANK_MAX - dots + i);
        if (!dot)
            names[count++] = *text;
        *dotted |= dot;
        text += dot ? 2 : 0;
    }
    names[count] = '\0';
    return text;
}

/* How many axes the dots of an operand stand for. */
static int dots_of(const char *text, int rank) {
    for (; *text && *text != ',' && strncmp(text, "->", 2); text++)
        rank -= isalpha((unsigned char)*text) != 0;
    return rank > 0 ? rank : 0;
}

/* Without "->": the dots, then the names that stand once, in alphabetical order. */
static bool implied_result(Contraction *c, int dots, Span span) {
    int count = 0;
    for (int i = 0; i < dots; i++)
        c->result[count++] = (char)('0' + TYPED_RANK_MAX - dots + i);
    for (char name = 'A'; name <= 'z'; name++) {
        int times = 0;
        for (int i = 0; i < c->count; i++)
            for (const char *at = c->operands[i].names; *at; at++)
                times += *at == name;
        if (times == 1 && count == TYPED_RANK_MAX)
            return too_many(span);
        if (times == 1)
            c->result[count++] = name;
    }
    c->result[count] = '\0';
    return true;
}

static bool result_is_fine(Call *call, const Contraction *c) {
    for (const char *name = c->result; *name; name++) {
        bool found = false;
        for (int i = 0; i < c->count; i++)
            found |= strchr(c->operands[i].names, *name) != NULL;
        if (found && !strchr(name + 1, *name))
            continue;
        diag_error(call->node->span, DIAG_BAD_CALL, "the result's axis '%c' is %s", *name,
                   found ? "there twice" : "no axis of an operand");
        return false;
    }
    return true;
}

static bool read_subscripts(Call *call, const char *text, Contraction *c) {
    int most = 0;
    bool dotted;
    Span span = call->node->span;
    for (int i = 0; i < c->count; i++) {
        int rank = c->operands[i].array->type->rank, dots = dots_of(text, rank);
        text = read_names(call, text, dots, c->operands[i].names, &dotted);
        if (!text)
            return false;
        if ((int)strlen(c->operands[i].names) != rank || (i + 1 < c->count ? *text != ',' : *text == ',')) {
            diag_error(span, DIAG_BAD_CALL, "the subscripts of einsum do not fit the operands");
            return false;
        }
        most = dotted && dots > most ? dots : most;
        text += *text == ',';
    }
    if (!*text)
        return implied_result(c, most, span);
    text = read_names(call, text + 2, most, c->result, &dotted);
    if (text && *text) {
        diag_error(span, DIAG_BAD_CALL, "the subscripts of einsum do not end here: '%s'", text);
        return false;
    }
    return text && result_is_fine(call, c);
}

/* The operands; their order of evaluation and of sums is as written, whatever optimize= says. */
static bool einsum_operands(Call *call, const Ast *arg, Contraction *c) {
    for (; arg; arg = arg->next) {
        if (arg->kind == AST_KEYWORD && !strcmp(arg->as.keyword.name, "optimize"))
            continue;
        if (arg->kind == AST_KEYWORD || arg->kind == AST_STARRED || c->count == OPERANDS_MAX) {
            diag_unsupported(arg->span, "this argument of einsum", "np.einsum(\"ij,jk->ik\", a, b), of few arrays");
            return false;
        }
        TExpr *array = arg->kind == AST_LIST ? array_of_ast(call->scope, arg) : check_expr(call->scope, arg);
        if (array->type->kind == TYPE_SCALAR)
            array = array_of_scalar(call->scope, array);
        if (array->type->kind != TYPE_ARRAY) {
            call_wrong(call, array, "arrays");
            return false;
        }
        c->operands[c->count++].array = array;
    }
    if (!c->count)
        diag_error(call->node->span, DIAG_BAD_CALL, "einsum(subscripts, *operands) wants operands");
    return c->count > 0;
}

TExpr *check_einsum(Call *call) {
    Contraction c = {.count = 0};
    const Ast *first = call->node->as.call.arguments;
    TExpr *text = first && first->kind != AST_KEYWORD ? check_expr(call->scope, first) : NULL;
    if (!text || text->kind != TEXPR_STRING) {
        diag_error(call->node->span, DIAG_NEEDS_CONSTANT, "einsum wants a constant string of subscripts");
        return call_poison(call);
    }
    if (!einsum_operands(call, first->next, &c) || !read_subscripts(call, text->as.string.data, &c))
        return call_poison(call);
    return contracted(call->scope, &c, true, call->node->span);
}

/* ---- tensordot, dot ------------------------------------------------------------------------ */

/* Axes 'A', 'B', ... of the first operand, behind them those of the second. */
static bool name_two(Contraction *c, TExpr *a, TExpr *b, Span span) {
    char next = 'A';
    c->count = 2;
    c->operands[0].array = a;
    c->operands[1].array = b;
    for (int i = 0; i < 2; i++)
        for (int axis = 0; axis < c->operands[i].array->type->rank; axis++)
            c->operands[i].names[axis] = next++;
    return a->type->rank + b->type->rank <= 2 * TYPED_RANK_MAX || too_many(span);
}

/* The result has the names that stand once, in order. */
static bool open_names(Contraction *c, Span span) {
    int count = 0;
    for (int i = 0; i < 2; i++)
        for (const char *name = c->operands[i].names; *name; name++) {
            if (strchr(c->operands[1 - i].names, *name))
                continue;
            if (count == TYPED_RANK_MAX)
                return too_many(span);
            c->result[count++] = *name;
        }
    c->result[count] = '\0';
    return true;
}

TExpr *dot_of_many(Scope *s, TExpr *a, TExpr *b, Span span) {
    Contraction c = {.count = 0};
    if (!name_two(&c, a, b, span))
        return texpr_poison(s, span);
    int last = a->type->rank - 1, inner = b->type->rank > 1 ? b->type->rank - 2 : 0;
    c.operands[1].names[inner] = c.operands[0].names[last];
    require_same(s, a->type->shape[last], b->type->shape[inner], span);
    return open_names(&c, span) ? contracted(s, &c, true, span) : texpr_poison(s, span);
}

/* The k-th of the two lists of axes, as constants from 0; their number, -1 after an error. */
static int axes_of(Call *call, const Ast *node, int rank, int *axes) {
    Call part = {.scope = call->scope, .node = call->node, .info = call->info};
    TExpr *value = check_expr(call->scope, node);
    if (value->kind == TEXPR_LIST)
        value = tuple_of(call->scope, value->as.tuple.items, value->as.tuple.count, value->span);
    part.values[0] = value;
    return is_poison(value) ? -1 : call_axes(&part, 0, rank, axes);
}

/* axes=n: the last n of the first with the first n of the second; or a pair of lists. */
static int tensordot_axes(Call *call, TExpr *a, TExpr *b, int *of_a, int *of_b) {
    const Ast *node = call->asts[2];
    int64_t count = 2;
    if (node && (node->kind == AST_TUPLE || node->kind == AST_LIST)) {
        const Ast *first = node->as.list.items;
        if (node->as.list.count != 2)
            return call_wrong(call, check_expr(call->scope, node), "two lists of axes"), -1;
        int n = axes_of(call, first, a->type->rank, of_a), m = axes_of(call, first->next, b->type->rank, of_b);
        if (n >= 0 && m >= 0 && n != m)
            diag_error(node->span, DIAG_SHAPE_MISMATCH, "%d axes with %d axes", n, m);
        return n == m ? n : -1;
    }
    if (node && !constant_int(call_argument(call, 2), &count)) {
        diag_error(node->span, DIAG_NEEDS_CONSTANT, "the axes of tensordot are constant");
        return -1;
    }
    if (count < 0 || count > a->type->rank || count > b->type->rank) {
        diag_error(call->node->span, DIAG_BAD_AXIS, "%lld axes of arrays of ranks %d and %d", (long long)count,
                   a->type->rank, b->type->rank);
        return -1;
    }
    for (int i = 0; i < count; i++) {
        of_a[i] = a->type->rank - (int)count + i;
        of_b[i] = i;
    }
    return (int)count;
}

TExpr *check_tensordot(Call *call) {
    Scope *s = call->scope;
    Span span = call->node->span;
    Contraction c = {.count = 0};
    TExpr *a = call_array_like(call, 0), *b = call_array_like(call, 1);
    int of_a[TYPED_RANK_MAX], of_b[TYPED_RANK_MAX];
    if (is_poison(a) || is_poison(b))
        return call_poison(call);
    int count = tensordot_axes(call, a, b, of_a, of_b);
    if (count < 0 || !name_two(&c, a, b, span))
        return call_poison(call);
    for (int i = 0; i < count; i++) {
        c.operands[1].names[of_b[i]] = c.operands[0].names[of_a[i]];
        require_same(s, a->type->shape[of_a[i]], b->type->shape[of_b[i]], span);
    }
    return open_names(&c, span) ? contracted(s, &c, false, span) : call_poison(call);
}
