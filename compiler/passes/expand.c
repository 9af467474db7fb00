/* expand.c: sums of few terms are written out, and few rounds around a sum:
 *
 *   s = pairwise + for r in [0, 3): d[i, r] * d[i, r]     ->   s = d[i, 0] * d[i, 0] + d[i, 1] * d[i, 1] + ...
 *   for k in [0, 3): for r: s = s + w[r] * d[r, k] ...    ->   for r: ...; for r: ...; for r: ...
 *
 * What is left is plain arithmetic, which fuse can move and lanes suit; loops over the same range become one (sums).
 * The order of a sum is NumPy's, as interpret.c has it. Needs views; breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { TERMS_MAX = 16, LANES = 8, ROUNDS_MAX = 4, NODES_MAX = 96 };

/* ---- sums ---------------------------------------------------------------------------------- */

static Value *term_at(Node *sum, int64_t k) {
    CloneMap map = {.function = sum->region->function, .relabel = true};
    Builder b = {map.function, sum->region, sum, sum->span};
    Value *iv = build_size(&b, size_const(k));
    clone_map_value(&map, sum->as.reduce.iv, iv);
    if (sum->as.reduce.iv->atom)
        clone_map_atom(&map, sum->as.reduce.iv->atom, value_size(iv));
    clone_nodes(&map, sum->as.reduce.body, sum->region, sum);
    return clone_value(&map, sum->as.reduce.body->yields.data[0]);
}

/* Eight running sums and their tree, then the terms that are left; fewer than eight one after the other. */
static Value *write_out(Node *sum, int terms) {
    Builder b = {sum->region->function, sum->region, sum, sum->span};
    DType dtype = sum->results.data[0]->dtype;
    Value *running[TERMS_MAX];
    int in_lanes = terms - terms % LANES, first = terms < LANES ? 1 : LANES;
    for (int k = 0; k < first; k++)
        running[k] = term_at(sum, k);
    for (int k = first; k < in_lanes; k++)
        running[k % LANES] = build_let(&b, OP_ADD, dtype, running[k % LANES], term_at(sum, k), NULL);
    for (int step = 1; step < first; step *= 2)
        for (int k = 0; k < first; k += 2 * step)
            running[k] = build_let(&b, OP_ADD, dtype, running[k], running[k + step], NULL);
    for (int k = in_lanes ? in_lanes : 1; k < terms; k++)
        running[0] = build_let(&b, OP_ADD, dtype, running[0], term_at(sum, k), NULL);
    return running[0];
}

static bool has_few_terms(const Node *sum, int64_t *terms) {
    return size_is_const(sum->as.reduce.count, terms) && *terms > 0 && *terms <= TERMS_MAX && sum->as.reduce.op == OP_ADD &&
           *terms * region_node_count(sum->as.reduce.body) <= NODES_MAX && region_is_plain(sum->as.reduce.body);
}

/* ---- rounds around a sum ------------------------------------------------------------------- */

/* One, and not those that were written out just before. */
static bool has_one_sum(const Region *body) {
    int count = 0;
    for (const Node *node = body->first; node; node = node->next)
        count += node->kind == NODE_FOR && node->results.count;
    return count == 1;
}

static bool has_few_rounds(const Node *loop, int64_t *rounds) {
    return loop->as.loop.step == 1 && loop->as.loop.width == 1 && !loop->as.loop.heads.count && node_loop(loop) &&
           size_is_const(size_sub(loop->as.loop.hi, loop->as.loop.lo), rounds) && *rounds > 0 && *rounds <= ROUNDS_MAX &&
           *rounds * region_node_count(loop->as.loop.body) <= NODES_MAX && has_one_sum(loop->as.loop.body) &&
           region_is_plain(loop->as.loop.body);
}

static void visit(Region *region) {
    for (Node *node = region->first, *next; node; node = next) {
        Region *regions[2];
        int64_t count;
        next = node->next;
        for (int i = 0, inner = node_regions(node, regions); i < inner; i++)
            visit(regions[i]);
        if (node->kind == NODE_REDUCE && has_few_terms(node, &count)) {
            region_replace(region->function->body, node->results.data[0], write_out(node, (int)count));
            node_remove(node);
        } else if (node->kind == NODE_FOR && has_few_rounds(node, &count)) {
            loop_write_out(node, count);
        }
    }
}

void pass_expand(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        visit(function->body);
}
