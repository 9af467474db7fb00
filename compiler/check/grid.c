/* grid.c: np.mgrid[a:b, c:d] and np.ogrid (numpy/lib/_index_tricks_impl.py): ranges for each axis, whole or open. They are
 * checked as what one could write instead: np.stack(np.meshgrid(np.arange(a, b), np.arange(c, d), indexing="ij")). */
#include <math.h>

#include "check/call.h"
#include "check/sequence.h"

static Ast *grid_ast(Scope *s, AstKind kind, const Ast *like) {
    Ast *node = ARENA_NEW(s->checker->arena, Ast);
    node->kind = kind;
    node->span = like->span;
    return node;
}

/* NAME(arguments) of the module that `grid` (np.mgrid) names. */
static Ast *grid_call(Scope *s, const Ast *grid, const char *name, Ast *arguments, const Ast *like) {
    Ast *call = grid_ast(s, AST_CALL, like), *callee = ARENA_NEW(s->checker->arena, Ast);
    *callee = *grid;
    callee->next = NULL;
    callee->as.attribute.name = name_of(name);
    call->as.call.callee = callee;
    call->as.call.arguments = arguments;
    for (; arguments; arguments = arguments->next)
        call->as.call.count++;
    return call;
}

static Ast *chained(Scope *s, const Ast *node, Ast *next) {
    Ast *copy = ARENA_NEW(s->checker->arena, Ast);
    *copy = *node;
    copy->next = next;
    return copy;
}

/* start:stop:step as np.arange, start:stop:5j as five points of np.linspace; NULL after an error. */
static Ast *grid_axis(Scope *s, const Ast *grid, const Ast *slice) {
    if (slice->kind != AST_SLICE || !slice->as.slice.upper) {
        diag_error(slice->span, DIAG_TYPE_MISMATCH, "%s takes slices with an end, start:stop:step", grid->as.attribute.name);
        return NULL;
    }
    Ast *start = slice->as.slice.lower ? slice->as.slice.lower : grid_ast(s, AST_INT, slice);
    const Ast *step = slice->as.slice.step;
    bool points = step && step->kind == AST_IMAGINARY;
    Ast *last = step ? chained(s, step, NULL) : NULL;
    if (points) {
        last->kind = AST_INT;
        last->as.integer.value = (int64_t)fabs(step->as.number.value);
        last->as.integer.too_big = false;
    }
    return grid_call(s, grid, points ? "linspace" : "arange", chained(s, start, chained(s, slice->as.slice.upper, last)), slice);
}

static Ast *grid_option(Scope *s, const char *name, AstKind kind, const Ast *like) {
    Ast *keyword = grid_ast(s, AST_KEYWORD, like), *value = grid_ast(s, kind, like);
    if (kind == AST_STRING) {
        value->as.string.data = "ij";
        value->as.string.length = 2;
    }
    keyword->as.keyword.name = name_of(name);
    keyword->as.keyword.name_span = like->span;
    keyword->as.keyword.value = value;
    return keyword;
}

TExpr *check_grid(Scope *s, const Ast *node) {
    const Ast *grid = node->as.index.value;
    bool open = !strcmp(grid->as.attribute.name, "ogrid");
    Ast *options = grid_option(s, "indexing", AST_STRING, node), *first = NULL, **link = &first;
    for (const Ast *slice = node->as.index.indices; slice; slice = slice->next, link = &(*link)->next)
        if (!(*link = grid_axis(s, grid, slice)))
            return texpr_poison(s, node->span);
    if (!node->as.index.is_tuple)
        return check_expr(s, first);
    if (open)
        options->next = grid_option(s, "sparse", AST_TRUE, node);
    *link = options;
    Ast *mesh = grid_call(s, grid, "meshgrid", first, node);
    return check_expr(s, open ? mesh : grid_call(s, grid, "stack", mesh, node));
}
