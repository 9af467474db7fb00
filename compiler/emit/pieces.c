/* pieces.c: long functions as several functions of LLVM's, since what LLVM does to one takes time that grows faster
 * than its length. The nodes of a long body are emitted in pieces, one after the other, and the function calls them in
 * order. Values stay where they are defined; one that another piece reads is also stored into a frame, which lives in
 * the function itself and whose address the pieces get, and is loaded at the start of the piece that reads it. A piece
 * that fails gives back what it owned itself and returns 1, the function the rest. */
#include "emit/emitter.h"

/* Nodes of a body that is cut, and of a piece. */
enum { LONG = 1200, PIECE = 150 };
enum { SLOT_BYTES = 16 };   /* of the largest scalar */

typedef struct {
    LLVMValueRef function;
    LLVMBasicBlockRef after;   /* where the whole goes on behind it */
} Piece;

typedef struct {
    const Value *value;
    Emitted before;
} Brought;

struct Pieces {
    LLVMValueRef whole, frame;
    LLVMBasicBlockRef entry;   /* of the whole */
    int *slots;                /* by Value.id: the first of two in the frame, counted from 1; 0: none */
    int slot_count;
    VEC(Piece) done;
    VEC(Brought) brought;      /* into the piece under way */
    VEC(const Node *) releases;   /* in the piece under way, of what it does not own */
};

/* ---- values of other pieces ---------------------------------------------------------------- */

/* The builder before an instruction, or to the end of a block; what it builds has no place in the source. */
static void to_place(Emitter *e, LLVMValueRef instruction, LLVMBasicBlockRef block) {
    if (instruction)
        LLVMPositionBuilderBefore(e->builder, instruction);
    else
        LLVMPositionBuilderAtEnd(e->builder, block);
    LLVMSetCurrentDebugLocation2(e->builder, NULL);
}

/* To the end of a block as far as it is built. */
static void to_end(Emitter *e, LLVMBasicBlockRef block) {
    to_place(e, LLVMGetBasicBlockTerminator(block), block);
}

/* Behind the definition; parameters and buffers on the stack are there at the end of the entry. */
static void to_definition(Emitter *e, LLVMValueRef value) {
    LLVMValueRef next = LLVMIsAInstruction(value);
    if (!next || LLVMGetInstructionParent(value) == e->pieces->entry) {
        to_end(e, e->pieces->entry);
        return;
    }
    do
        next = LLVMGetNextInstruction(next);
    while (next && LLVMIsAPHINode(next));
    to_place(e, next, LLVMGetInstructionParent(value));
}

static LLVMValueRef slot_address(Emitter *e, LLVMValueRef function, int slot) {
    LLVMValueRef frame = function == e->pieces->whole ? e->pieces->frame : LLVMGetParam(function, 0);
    LLVMValueRef at = int64(e, (int64_t)slot * SLOT_BYTES);
    return LLVMBuildGEP2(e->builder, LLVMInt8TypeInContext(e->context), frame, &at, 1, "");
}

static bool is_in_memory(LLVMValueRef value) {
    return value && !LLVMIsConstant(value);
}

static void store_part(Emitter *e, LLVMValueRef home, LLVMValueRef value, int slot) {
    if (!is_in_memory(value))
        return;
    to_definition(e, value);
    LLVMBuildStore(e->builder, value, slot_address(e, home, slot));
}

static int slot_of(Emitter *e, const Value *value, const Emitted *emitted) {
    int *slot = &e->pieces->slots[value->id];
    if (!*slot) {
        *slot = 1 + e->pieces->slot_count;
        e->pieces->slot_count += 2;
        store_part(e, emitted->home, emitted->value, *slot - 1);
        store_part(e, emitted->home, emitted->owner, *slot);
    }
    return *slot - 1;
}

static LLVMBasicBlockRef behind_piece(const Pieces *pieces, LLVMValueRef function) {
    for (int i = pieces->done.count - 1; i >= 0; i--)
        if (pieces->done.data[i].function == function)
            return pieces->done.data[i].after;
    BUG("a value of a piece that is not there");
}

static LLVMValueRef load_part(Emitter *e, LLVMValueRef value, int slot) {
    return is_in_memory(value)
               ? LLVMBuildLoad2(e->builder, LLVMTypeOf(value), slot_address(e, e->llvm_function, slot), "")
               : value;
}

Emitted bring_value(Emitter *e, const Value *value, Emitted emitted) {
    if (!e->pieces || emitted.home == e->llvm_function || !(is_in_memory(emitted.value) || is_in_memory(emitted.owner)))
        return emitted;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    int slot = slot_of(e, value, &emitted);
    if (e->llvm_function == e->pieces->whole) {
        LLVMBasicBlockRef behind = behind_piece(e->pieces, emitted.home);
        to_place(e, LLVMGetFirstInstruction(behind), behind);
    } else {
        VEC_PUSH(e->arena, e->pieces->brought, ((Brought){value, emitted}));
        to_end(e, e->entry);
    }
    Emitted here_too = {load_part(e, emitted.value, slot), load_part(e, emitted.owner, slot + 1), 0, e->llvm_function};
    e->values[value->id] = here_too;
    to_end(e, here);
    LLVMSetCurrentDebugLocation2(e->builder, location);
    return here_too;
}

LLVMBasicBlockRef entry_that_lasts(const Emitter *e) {
    return e->pieces ? e->pieces->entry : e->entry;
}

/* ---- pieces -------------------------------------------------------------------------------- */

static bool has_return(const Region *region);

static bool returns(const Node *node) {
    Region *regions[2];
    if (node->kind == NODE_EXIT && node->as.exit.kind == EXIT_RETURN)
        return true;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        if (has_return(regions[i]))
            return true;
    return false;
}

static bool has_return(const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        if (returns(node))
            return true;
    return false;
}

int node_weight(const Node *node) {
    Region *regions[2];
    int weight = 1;
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        weight += region_node_count(regions[i]);
    return weight;
}

const Node *end_of_piece(const Node *node) {
    for (int weight = 0; node && node->kind != NODE_EXIT && !returns(node); node = node->next) {
        int more = node_weight(node);
        if (weight && weight + more > PIECE)
            break;
        weight += more;
    }
    return node;
}

/* The builder into a fresh function that takes the frame. */
static void start_piece(Emitter *e, Span span) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0), i32 = LLVMInt32TypeInContext(e->context);
    const char *name = arena_printf(e->arena, "%s.piece.%d", e->function->name, e->place + 1 + e->pieces->done.count);
    e->llvm_function = LLVMAddFunction(e->module, name, LLVMFunctionType(i32, &pointer, 1, false));
    if (e->partition->count == 1)
        LLVMSetLinkage(e->llvm_function, LLVMInternalLinkage);
    else
        LLVMSetVisibility(e->llvm_function, LLVMHiddenVisibility);
    add_attribute(e, e->llvm_function, LLVMAttributeFunctionIndex, "nounwind");
    add_attribute(e, e->llvm_function, LLVMAttributeFunctionIndex, "noinline");
    e->failure = NULL;
    e->owned_outside = e->owned.count;
    debug_function(e, span);
    e->entry = new_block(e, "entry");
    LLVMPositionBuilderAtEnd(e->builder, new_block(e, "start"));
    set_location(e, span);
}

static void end_piece(Emitter *e) {
    LLVMSetCurrentDebugLocation2(e->builder, NULL);
    if (!LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(e->builder)))
        LLVMBuildRet(e->builder, LLVMConstInt(LLVMInt32TypeInContext(e->context), 0, false));
    LLVMPositionBuilderAtEnd(e->builder, e->entry);
    LLVMBuildBr(e->builder, LLVMGetNextBasicBlock(e->entry));
    for (int i = e->owned_outside; i < e->owned.count; i++)
        e->owned.data[i].failure = NULL;
    for (int i = e->pieces->brought.count - 1; i >= 0; i--)
        e->values[e->pieces->brought.data[i].value->id] = e->pieces->brought.data[i].before;
    e->pieces->brought.count = 0;
}

static void fill_nothing(Emitter *e, const void *user) {
    (void)e;
    (void)user;
}

/* What the piece owned when it failed it has given back. */
static void call_piece(Emitter *e, LLVMValueRef piece, int owned_before) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0), i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef status = LLVMBuildCall2(e->builder, LLVMFunctionType(i32, &pointer, 1, false), piece,
                                         &e->pieces->frame, 1, "");
    int owned = e->owned.count;
    e->owned.count = owned_before;
    fail_if(e, LLVMBuildICmp(e->builder, LLVMIntNE, status, LLVMConstNull(i32), ""), fill_nothing, NULL);
    e->owned.count = owned;
    VEC_PUSH(e->arena, e->pieces->done, ((Piece){piece, LLVMGetInsertBlock(e->builder)}));
}

void release_behind_piece(Emitter *e, const Node *release) {
    VEC_PUSH(e->arena, e->pieces->releases, release);
}

static void emit_piece(Emitter *e, const Node *first, const Node *end) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder), entry = e->entry, failure = e->failure;
    LLVMMetadataRef scope = e->debug_scope;
    int outside = e->owned_outside, owned = e->owned.count;
    start_piece(e, first->span);
    LLVMValueRef piece = e->llvm_function;
    for (const Node *node = first; node != end; node = node->next)
        emit_node(e, node);
    end_piece(e);
    e->llvm_function = e->pieces->whole;
    e->entry = entry;
    e->failure = failure;
    e->debug_scope = scope;
    e->owned_outside = outside;
    LLVMPositionBuilderAtEnd(e->builder, here);
    set_location(e, first->span);
    call_piece(e, piece, owned);
    for (int i = 0; i < e->pieces->releases.count; i++)
        emit_release(e, e->pieces->releases.data[i]);
    e->pieces->releases.count = 0;
}

static Pieces *pieces_new(Emitter *e) {
    Pieces *pieces = ARENA_ARRAY(e->arena, Pieces, 1);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    *pieces = (Pieces){.whole = e->llvm_function, .entry = e->entry};
    pieces->slots = ARENA_ARRAY(e->arena, int, e->source->value_count + 1);
    memset(pieces->slots, 0, (e->source->value_count + 1) * sizeof *pieces->slots);
    to_end(e, e->entry);
    pieces->frame = LLVMBuildArrayAlloca(e->builder, LLVMInt8TypeInContext(e->context), int64(e, 1), "frame");
    LLVMSetAlignment(pieces->frame, SLOT_BYTES);
    LLVMPositionBuilderAtEnd(e->builder, here);
    return pieces;
}

/* What other parts keep. */
static void add_foreign(Emitter *e) {
    const int *parts = &e->partition->part.data[e->place];
    if (parts[0] != e->part)
        VEC_PUSH(e->arena, e->foreign, e->pieces->whole);
    for (int i = 0; i < e->pieces->done.count; i++)
        if (parts[1 + i] != e->part)
            VEC_PUSH(e->arena, e->foreign, e->pieces->done.data[i].function);
}

bool has_pieces(const Region *body) {
    return region_node_count(body) >= LONG;
}

void emit_body(Emitter *e, const Region *body) {
    if (!has_pieces(body)) {
        emit_region(e, body);
        return;
    }
    e->pieces = pieces_new(e);
    for (const Node *node = body->first, *end; node; node = end) {
        end = end_of_piece(node);
        if (end == node) {
            emit_node(e, node);
            end = node->next;
        } else {
            emit_piece(e, node, end);
        }
    }
    add_foreign(e);
    int64_t bytes = (int64_t)(e->pieces->slot_count + 1) * SLOT_BYTES;
    LLVMSetOperand(e->pieces->frame, 0, int64(e, bytes));
}
