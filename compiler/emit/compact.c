/* compact.c: chosen lanes side by side. A loop with lanes that carries a place (schedule/compact.c) ends with
 *
 *   k' = if test: r[k] = value; yield k + 1   else: yield k
 *
 * The lanes where the test holds are pushed together in a register, so many elements are stored, and the place moves by
 * their number. The store is masked: behind the last chosen element the memory may be another's. (The instruction that
 * pushes together on the way to memory is slow on some machines.) */
#include "emit/emitter.h"

bool is_compaction(const Node *branch) {
    const Node *loop = branch->region->parent;
    return loop && loop->kind == NODE_FOR && loop->as.loop.width > 1 && loop->as.loop.heads.count == 1 &&
           loop->as.loop.body->last == branch;
}

/* How many lanes are on. */
static LLVMValueRef count_lanes(Emitter *e, LLVMValueRef on) {
    LLVMTypeRef type = LLVMIntTypeInContext(e->context, (unsigned)e->width);
    LLVMValueRef bits = LLVMBuildBitCast(e->builder, on, type, "");
    LLVMValueRef count = intrinsic(e, "llvm.ctpop", type, &bits, 1);
    return LLVMBuildZExt(e->builder, count, LLVMInt64TypeInContext(e->context), "");
}

static LLVMValueRef first_lanes(Emitter *e, LLVMValueRef count) {
    LLVMTypeRef types[] = {vector_of(e, LLVMInt1TypeInContext(e->context)), LLVMInt64TypeInContext(e->context)};
    LLVMValueRef arguments[] = {int64(e, 0), count};
    return memory_intrinsic(e, "llvm.get.active.lane.mask", types, arguments, 2);
}

static void store_chosen(Emitter *e, const Node *store, LLVMValueRef on, LLVMValueRef first) {
    const Value *array = store->as.store.array;
    LLVMValueRef value = splat(e, scalar_value(e, store->as.store.value));
    LLVMTypeRef type = LLVMTypeOf(value), types[] = {type, LLVMPointerTypeInContext(e->context, 0)};
    LLVMValueRef pushed[] = {value, LLVMConstNull(type), on};
    LLVMValueRef bytes = LLVMConstInt(LLVMInt32TypeInContext(e->context), (unsigned)dtype_info(array->dtype)->bytes, false);
    LLVMValueRef arguments[] = {intrinsic(e, "llvm.x86.avx512.mask.compress", type, pushed, 3),
                                emit_address(e, array, store->as.store.index), bytes, first};
    memory_intrinsic(e, "llvm.masked.store", types, arguments, 4);
}

void emit_compaction(Emitter *e, const Node *branch) {
    LLVMValueRef outer = e->mask, on = splat(e, get(e, branch->as.branch.test).value);
    on = outer ? LLVMBuildAnd(e->builder, outer, on, "") : on;
    LLVMValueRef count = count_lanes(e, on), first = first_lanes(e, count);
    LLVMValueRef place = get(e, branch->as.branch.otherwise->yields.data[0]).value;
    e->mask = on;
    for (const Node *node = branch->as.branch.then->first; node; node = node->next)
        if (node->kind == NODE_STORE)
            store_chosen(e, node, on, first);
        else
            emit_node(e, node);
    e->mask = outer;
    set(e, branch->results.data[0], LLVMBuildNSWAdd(e->builder, place, count, ""), NULL);
}
