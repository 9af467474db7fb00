/* pairwise.c: sums of floats in NumPy's order (umath/loops_utils.h.src): blocks of at most 128 terms by eight running
 * sums, added as a tree. The blocks are here; the tree is walked by the runtime, which a sum of one block does not need. */
#include "emit/emitter.h"

enum { PAIRWISE_BLOCK = 128, LANES = 8 };
/* The runtime's walk, in 64-bit words: its size, and where the leaf and the sum are. */
enum { WALK_WORDS = 178, WALK_START = 0, WALK_COUNT = 1, WALK_SUM = 2 };

typedef struct {
    const Node *node;
    LLVMTypeRef type;
    LLVMValueRef start, count, result;   /* slots: the block's first term, how many it has; the sum */
    LLVMValueRef walk;
} Pairwise;

static LLVMValueRef term_at(Emitter *e, const Pairwise *p, LLVMValueRef iv, int width);

/* Complex numbers have no lanes. */
static bool has_complex(const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->results.count && dtype_is_complex(node->results.data[0]->dtype))
            return true;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (has_complex(regions[i]))
                return true;
    }
    return false;
}

static LLVMValueRef terms_one_by_one(Emitter *e, const Pairwise *p, LLVMValueRef iv, int width) {
    LLVMValueRef vector = LLVMGetPoison(LLVMVectorType(p->type, (unsigned)width));
    for (int lane = 0; lane < width; lane++) {
        LLVMValueRef at = LLVMBuildAdd(e->builder, iv, int64(e, lane), "");
        vector = LLVMBuildInsertElement(e->builder, vector, term_at(e, p, at, 1), int64(e, lane), "");
    }
    return vector;
}

static LLVMValueRef term_at(Emitter *e, const Pairwise *p, LLVMValueRef iv, int width) {
    if (width > 1 && has_complex(p->node->as.reduce.body))
        return terms_one_by_one(e, p, iv, width);
    int outer = e->width;
    const Value *lane = e->lane_iv;
    e->width = width;
    e->lane_iv = width > 1 ? p->node->as.reduce.iv : NULL;
    value_size(p->node->as.reduce.iv);
    set(e, p->node->as.reduce.iv, iv, NULL);
    emit_region(e, p->node->as.reduce.body);
    LLVMValueRef term = scalar_value(e, p->node->as.reduce.body->yields.data[0]);
    if (width > 1)
        term = splat(e, term);
    e->width = outer;
    e->lane_iv = lane;
    return term;
}

/* init plus the terms of [from, to), one or a vector at a time; there are few single ones. */
static LLVMValueRef sum_range(Emitter *e, const Pairwise *p, LLVMValueRef from, LLVMValueRef to, int width,
                              LLVMValueRef init) {
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context), type = LLVMTypeOf(init);
    LLVMValueRef acc = stack_slot(e, type, "sum"), counter = stack_slot(e, i64, "term");
    LLVMBasicBlockRef body = new_block(e, "sum"), after = new_block(e, "summed");
    LLVMBuildStore(e->builder, init, acc);
    LLVMBuildStore(e->builder, from, counter);
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntSLT, from, to, ""), body, after);
    start_block(e, body);
    LLVMValueRef iv = LLVMBuildLoad2(e->builder, i64, counter, "");
    LLVMValueRef term = term_at(e, p, iv, width);
    LLVMValueRef old = LLVMBuildLoad2(e->builder, type, acc, "");
    LLVMBuildStore(e->builder, LLVMBuildFAdd(e->builder, old, term, ""), acc);
    LLVMValueRef next = LLVMBuildAdd(e->builder, iv, int64(e, width), "");
    LLVMBuildStore(e->builder, next, counter);
    LLVMValueRef again = LLVMBuildICmp(e->builder, LLVMIntSLT, next, to, "");
    LLVMValueRef branch = LLVMBuildCondBr(e->builder, again, body, after);
    if (width == 1)
        keep_rolled(e, branch);
    start_block(e, after);
    return LLVMBuildLoad2(e->builder, type, acc, "");
}

static LLVMValueRef lane_of(Emitter *e, LLVMValueRef vector, int lane) {
    return LLVMBuildExtractElement(e->builder, vector,
                                   LLVMConstInt(LLVMInt32TypeInContext(e->context), (unsigned)lane, false), "");
}

/* ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)) */
static LLVMValueRef add_lanes(Emitter *e, LLVMValueRef vector) {
    LLVMValueRef x[LANES];
    for (int i = 0; i < LANES; i++)
        x[i] = lane_of(e, vector, i);
    for (int step = 1; step < LANES; step *= 2)
        for (int i = 0; i < LANES; i += 2 * step)
            x[i] = LLVMBuildFAdd(e->builder, x[i], x[i + step], "");
    return x[0];
}

/* -0.0 is what nothing adds up to, and what adding changes nothing. A few terms have no use for lanes. */
static LLVMValueRef sum_of_block(Emitter *e, const Pairwise *p, LLVMValueRef start, LLVMValueRef count) {
    LLVMBuilderRef b = e->builder;
    LLVMValueRef zeros[LANES], end = LLVMBuildAdd(b, start, count, ""), sum = stack_slot(e, p->type, "lanes");
    LLVMBasicBlockRef many = new_block(e, "lanes"), rest = new_block(e, "rest");
    for (int i = 0; i < LANES; i++)
        zeros[i] = LLVMConstReal(p->type, -0.0);
    LLVMBuildStore(b, zeros[0], sum);
    LLVMValueRef lanes_end = LLVMBuildAdd(b, start, LLVMBuildAnd(b, count, int64(e, -LANES), ""), "");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntSGE, count, int64(e, LANES), ""), many, rest);
    start_block(e, many);
    LLVMValueRef lanes = sum_range(e, p, start, lanes_end, LANES, LLVMConstVector(zeros, LANES));
    LLVMBuildStore(b, add_lanes(e, lanes), sum);
    LLVMBuildBr(b, rest);
    start_block(e, rest);
    return sum_range(e, p, lanes_end, end, 1, LLVMBuildLoad2(b, p->type, sum, ""));
}

static LLVMValueRef walk_word(Emitter *e, const Pairwise *p, LLVMTypeRef type, int word) {
    LLVMValueRef at = int64(e, word);
    return LLVMBuildLoad2(e->builder, type, LLVMBuildInBoundsGEP2(e->builder, LLVMInt64TypeInContext(e->context), p->walk,
                                                                  &at, 1, ""), "");
}

static void take_leaf(Emitter *e, const Pairwise *p) {
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context);
    LLVMBuildStore(e->builder, walk_word(e, p, i64, WALK_START), p->start);
    LLVMBuildStore(e->builder, walk_word(e, p, i64, WALK_COUNT), p->count);
}

/* The sum of the block is in `result`: on to the next block, or the sum of all instead. */
static void walk_on(Emitter *e, const Pairwise *p, LLVMBasicBlockRef block, LLVMBasicBlockRef done) {
    LLVMTypeRef f64 = LLVMDoubleTypeInContext(e->context);
    bool single = p->type != f64;
    LLVMValueRef sum = LLVMBuildFPExt(e->builder, LLVMBuildLoad2(e->builder, p->type, p->result, ""), f64, "");
    LLVMValueRef arguments[] = {p->walk, sum, int64(e, single)};
    LLVMValueRef more = call_abi(e, "mnp_pairwise_next", arguments, 3);
    LLVMBasicBlockRef next = new_block(e, "next"), walked = new_block(e, "walked");
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntNE, more, LLVMConstNull(LLVMTypeOf(more)), ""), next,
                    walked);
    start_block(e, next);
    take_leaf(e, p);
    LLVMBuildBr(e->builder, block);
    start_block(e, walked);
    LLVMBuildStore(e->builder, LLVMBuildFPTrunc(e->builder, walk_word(e, p, f64, WALK_SUM), p->type, ""), p->result);
    LLVMBuildBr(e->builder, done);
}

void emit_reduce(Emitter *e, const Node *node) {
    LLVMBuilderRef b = e->builder;
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context), type = type_of(e, node->results.data[0]->dtype);
    Pairwise p = {node, type, stack_slot(e, i64, "start"), stack_slot(e, i64, "count"), stack_slot(e, type, "result"),
                  stack_slot(e, LLVMArrayType2(i64, WALK_WORDS), "walk")};
    LLVMBasicBlockRef large = new_block(e, "large"), block = new_block(e, "block"), next = new_block(e, "walk"),
                      done = new_block(e, "done");
    LLVMValueRef total = emit_size(e, node->as.reduce.count);
    LLVMBuildStore(b, int64(e, 0), p.start);
    LLVMBuildStore(b, total, p.count);
    LLVMValueRef is_large = LLVMBuildICmp(b, LLVMIntSGT, total, int64(e, PAIRWISE_BLOCK), "");
    LLVMBuildCondBr(b, is_large, large, block);
    start_block(e, large);
    call_abi(e, "mnp_pairwise_start", (LLVMValueRef[]){p.walk, total}, 2);
    take_leaf(e, &p);
    LLVMBuildBr(b, block);
    start_block(e, block);
    LLVMValueRef start = LLVMBuildLoad2(b, i64, p.start, ""), count = LLVMBuildLoad2(b, i64, p.count, "");
    LLVMBuildStore(b, sum_of_block(e, &p, start, count), p.result);
    LLVMBuildCondBr(b, is_large, next, done);
    start_block(e, next);
    walk_on(e, &p, block, done);
    start_block(e, done);
    set(e, node->results.data[0], LLVMBuildLoad2(b, type, p.result, ""), NULL);
}
