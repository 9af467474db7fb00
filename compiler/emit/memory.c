/* memory.c: addresses, loads, stores, buffers and views. */
#include "emit/emitter.h"

LLVMValueRef stack_slot(Emitter *e, LLVMTypeRef type, const char *name) {
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    LLVMValueRef first = LLVMGetFirstInstruction(e->entry);
    if (first)
        LLVMPositionBuilderBefore(e->builder, first);
    else
        LLVMPositionBuilderAtEnd(e->builder, e->entry);
    LLVMValueRef slot = LLVMBuildAlloca(e->builder, type, name);
    LLVMPositionBuilderAtEnd(e->builder, here);
    LLVMSetCurrentDebugLocation2(e->builder, location);
    return slot;
}

/* ---- addresses ----------------------------------------------------------------------------- */

static Size linear(const Value *array, const Size *index) {
    Size sum = size_const(0);
    for (int axis = 0; axis < array->rank; axis++)
        sum = size_add(sum, size_mul(index[axis], array->stride[axis]));
    return sum;
}

LLVMTypeRef memory_type(Emitter *e, DType dtype) {
    return dtype == DTYPE_BOOL ? LLVMInt8TypeInContext(e->context) : type_of(e, dtype);
}

LLVMValueRef emit_address(Emitter *e, const Value *array, const Size *index) {
    return emit_element(e, array, linear(array, index));
}

/* How an access lies over the lanes. Strided: a few elements apart; patterned: within as many elements as there are
 * lanes, in an order that is the same for all bases: a[i // 2], a[i % 4]. */
typedef enum {
    ACCESS_UNIFORM, ACCESS_FORWARD, ACCESS_BACKWARD, ACCESS_STRIDED, ACCESS_PATTERNED, ACCESS_SCATTERED
} AccessKind;

/* Where the lanes' elements are, from the lowest on, which is `below` before the first lane's. */
typedef struct {
    int64_t below;
    int places[EMIT_WIDTH_MAX], span;
} Pattern;

/* How far the lane's element is from the first lane's, whatever the base; false: that differs by base. */
static bool lane_distance(const Emitter *e, Size offset, int lane, int64_t *distance) {
    const Node *loop = e->lane_iv->node;
    Size base = size_add(loop->as.loop.lo, size_scale(value_size(loop->as.loop.iv), loop->as.loop.step));
    Size first = size_substitute(offset, e->lane_iv->atom, base);
    Size here = size_substitute(offset, e->lane_iv->atom, size_add(base, size_const(lane)));
    return size_is_const(size_sub(here, first), distance);
}

static bool find_pattern(const Emitter *e, Size offset, Pattern *pattern) {
    int64_t distances[EMIT_WIDTH_MAX], least = 0, most = 0;
    const Node *loop = e->lane_iv->node;
    if (e->mask || !loop || loop->kind != NODE_FOR || loop->as.loop.overlapped)
        return false;
    for (int lane = 0; lane < e->width; lane++) {
        if (!lane_distance(e, offset, lane, &distances[lane]))
            return false;
        least = distances[lane] < least ? distances[lane] : least;
        most = distances[lane] > most ? distances[lane] : most;
    }
    if (most - least >= e->width)
        return false;
    *pattern = (Pattern){.below = -least, .span = (int)(most - least + 1)};
    for (int lane = 0; lane < e->width; lane++)
        pattern->places[lane] = (int)(distances[lane] - least);
    return true;
}

static AccessKind access_kind(Emitter *e, Size offset, int64_t *stride) {
    Size base;
    if (!size_varies(e, offset))
        return ACCESS_UNIFORM;
    if (!size_linear_in(offset, e->lane_iv->atom, stride, &base) || size_varies(e, base))
        return ACCESS_SCATTERED;
    if (*stride == 1 || *stride == -1)
        return *stride == 1 ? ACCESS_FORWARD : ACCESS_BACKWARD;
    return *stride >= -EMIT_STRIDE_MAX && *stride <= EMIT_STRIDE_MAX ? ACCESS_STRIDED : ACCESS_SCATTERED;
}

/* The address of the lowest lane's element; lanes are `stride` apart. */
static LLVMValueRef lowest_lane(Emitter *e, const Value *array, Size offset, int64_t stride) {
    return emit_element(e, array, stride > 0 ? offset : size_add(offset, size_const(stride * (e->width - 1))));
}

static LLVMValueRef reverse(Emitter *e, LLVMValueRef vector) {
    LLVMValueRef order[EMIT_WIDTH_MAX];
    for (int i = 0; i < e->width; i++)
        order[i] = LLVMConstInt(LLVMInt32TypeInContext(e->context), (unsigned)(e->width - 1 - i), false);
    return LLVMBuildShuffleVector(e->builder, vector, LLVMGetPoison(LLVMTypeOf(vector)),
                                  LLVMConstVector(order, (unsigned)e->width), "");
}

static LLVMValueRef all_lanes(Emitter *e) {
    return LLVMConstAllOnes(vector_of(e, LLVMInt1TypeInContext(e->context)));
}

LLVMValueRef memory_intrinsic(Emitter *e, const char *name, LLVMTypeRef *types, LLVMValueRef *arguments, int count) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, types, 2);
    LLVMTypeRef type = LLVMIntrinsicGetType(e->context, id, types, 2);
    return LLVMBuildCall2(e->builder, type, function, arguments, (unsigned)count, "");
}

static LLVMValueRef pointers_of(Emitter *e, const Value *array, Size offset) {
    LLVMValueRef index = splat(e, emit_size(e, offset)), data = get(e, array).value;
    return LLVMBuildGEP2(e->builder, memory_type(e, array->dtype), data, &index, 1, "");
}

static unsigned alignment_of(const Value *array) {
    return (unsigned)dtype_info(dtype_real(array->dtype))->bytes;
}

static LLVMValueRef alignment(Emitter *e, const Value *array) {
    return LLVMConstInt(LLVMInt32TypeInContext(e->context), alignment_of(array), false);
}

/* Loads whose elements lie between each other's share the vectors that they are taken from. */
typedef struct {
    int step;              /* between lanes, at least 2 */
    int skipped;           /* elements that neighbouring loads have before the first lane's */
    bool whole;            /* a neighbouring load reads to the end of the last vector */
} Interleaved;

/* True if the load's region has a load of the array at a constant distance from it. */
static bool has_neighbour(const Node *load, Size offset, int64_t distance) {
    for (const Node *node = load->region->first; node; node = node->next)
        if (node->kind == NODE_LOAD && node->as.load.array == load->as.load.array &&
            linear(node->as.load.array, node->as.load.index) == size_add(offset, size_const(distance)))
            return true;
    return false;
}

static Interleaved interleaved_load(const Node *load, Size offset, int step) {
    Interleaved shape = {.step = step};
    for (int distance = 1; distance < step; distance++)
        if (has_neighbour(load, offset, -distance))
            shape.skipped = distance;
    shape.whole = shape.skipped == step - 1 || has_neighbour(load, offset, step - 1 - shape.skipped);
    return shape;
}

/* The vectors that a strided load is made of: those that lie one after the other from `start` on, the last so that it
 * ends with the last element that is wanted. */
typedef struct {
    LLVMValueRef parts[EMIT_WIDTH_MAX];
    int count, last;         /* `last`: where the last of them begins */
} Parts;

static Parts load_parts(Emitter *e, const Value *array, LLVMValueRef start, const Interleaved *shape) {
    LLVMTypeRef element = memory_type(e, array->dtype), type = vector_of(e, element);
    int width = e->width, span = shape->whole ? shape->step * width : shape->skipped + shape->step * (width - 1) + 1;
    Parts parts = {.count = 0};
    for (int first = 0; first < span; first += width) {
        parts.last = first + width > span ? span - width : first;
        LLVMValueRef offset = int64(e, parts.last), at = LLVMBuildGEP2(e->builder, element, start, &offset, 1, "");
        LLVMValueRef part = LLVMBuildLoad2(e->builder, type, at, "");
        LLVMSetAlignment(part, alignment_of(array));
        parts.parts[parts.count++] = part;
    }
    return parts;
}

/* Each second element of two vectors, from the first or the second on; `moved`: how much earlier than the first one's
 * end the second begins. */
static LLVMValueRef each_second(Emitter *e, LLVMValueRef low, LLVMValueRef high, int from, int moved) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef order[EMIT_WIDTH_MAX];
    for (int lane = 0; lane < e->width; lane++) {
        int place = from + 2 * lane;
        place += place < e->width ? 0 : moved;
        order[lane] = place < 2 * e->width ? LLVMConstInt(i32, (unsigned)place, false) : LLVMGetPoison(i32);
    }
    return LLVMBuildShuffleVector(e->builder, low, high, LLVMConstVector(order, (unsigned)e->width), "");
}

/* A stride that is a power of two halves again and again: neighbours share all but the last halves. */
static LLVMValueRef halve(Emitter *e, Parts *parts, const Interleaved *shape) {
    int moved = (parts->count - 1) * e->width - parts->last;
    for (int skipped = shape->skipped; parts->count > 1; parts->count /= 2, skipped /= 2) {
        for (int i = 0; i < parts->count; i += 2)
            parts->parts[i / 2] = each_second(e, parts->parts[i], parts->parts[i + 1], skipped % 2,
                                              i + 2 == parts->count ? moved : 0);
        moved = 0;
    }
    return parts->parts[0];
}

/* Lane k of the result is element skipped + k * step of those that lie in memory from `start` on. */
static LLVMValueRef deinterleave(Emitter *e, const Value *array, LLVMValueRef start, const Interleaved *shape) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    Parts parts = load_parts(e, array, start, shape);
    int width = e->width;
    LLVMValueRef result = parts.parts[0], order[EMIT_WIDTH_MAX];
    if (parts.count == shape->step && !(shape->step & (shape->step - 1)))
        return halve(e, &parts, shape);
    for (int i = 1; i < parts.count; i++) {
        int first = i * width, from = i + 1 < parts.count ? first : parts.last;
        /* The first two vectors are taken as they are, later ones go to what is already in place. */
        for (int lane = 0; lane < width; lane++) {
            int element = shape->skipped + lane * shape->step, place = first == width ? element : lane;
            bool here = element >= first && element < first + width;
            order[lane] = here ? LLVMConstInt(i32, (unsigned)(width + element - from), false)
                               : place < width ? LLVMConstInt(i32, (unsigned)place, false) : LLVMGetPoison(i32);
        }
        result = LLVMBuildShuffleVector(e->builder, result, parts.parts[i], LLVMConstVector(order, (unsigned)width), "");
    }
    return result;
}

static LLVMValueRef strided_load(Emitter *e, const Node *load, Size address, int64_t stride) {
    const Value *array = load->as.load.array;
    Interleaved shape = interleaved_load(load, address, (int)(stride > 0 ? stride : -stride));
    LLVMValueRef start = lowest_lane(e, array, size_sub(address, size_const(shape.skipped)), stride);
    LLVMValueRef value = deinterleave(e, array, start, &shape);
    return stride > 0 ? value : reverse(e, value);
}

/* All elements between the lowest and the highest, which are lanes' too, and then each to its lanes. */
static LLVMValueRef patterned_load(Emitter *e, const Value *array, Size offset, const Pattern *pattern) {
    LLVMTypeRef element = memory_type(e, array->dtype), i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef order[EMIT_WIDTH_MAX], start = emit_element(e, array, size_sub(offset, size_const(pattern->below)));
    for (int lane = 0; lane < e->width; lane++)
        order[lane] = LLVMConstInt(i32, (unsigned)pattern->places[lane], false);
    LLVMValueRef part = LLVMBuildLoad2(e->builder, LLVMVectorType(element, (unsigned)pattern->span), start, "");
    LLVMSetAlignment(part, alignment_of(array));
    return LLVMBuildShuffleVector(e->builder, part, LLVMGetPoison(LLVMTypeOf(part)),
                                  LLVMConstVector(order, (unsigned)e->width), "");
}

static LLVMValueRef vector_load(Emitter *e, const Value *array, Size offset, AccessKind kind) {
    LLVMTypeRef type = vector_of(e, memory_type(e, array->dtype));
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    LLVMValueRef nothing = LLVMConstNull(type), mask = e->mask;
    if (kind == ACCESS_SCATTERED || kind == ACCESS_STRIDED) {
        LLVMTypeRef types[] = {type, vector_of(e, pointer)};
        LLVMValueRef arguments[] = {pointers_of(e, array, offset), alignment(e, array),
                                    mask ? mask : all_lanes(e), nothing};
        return memory_intrinsic(e, "llvm.masked.gather", types, arguments, 4);
    }
    LLVMValueRef address = lowest_lane(e, array, offset, kind == ACCESS_BACKWARD ? -1 : 1), value;
    if (mask) {
        LLVMTypeRef types[] = {type, pointer};
        LLVMValueRef on = kind == ACCESS_BACKWARD ? reverse(e, mask) : mask;
        LLVMValueRef arguments[] = {address, alignment(e, array), on, nothing};
        value = memory_intrinsic(e, "llvm.masked.load", types, arguments, 4);
    } else {
        value = LLVMBuildLoad2(e->builder, type, address, "");
        LLVMSetAlignment(value, alignment_of(array));
    }
    return kind == ACCESS_BACKWARD ? reverse(e, value) : value;
}

/* ---- lanes of complex numbers: real and imaginary parts lie in turn ------------------------- */

typedef int (*Place)(int lane, int width);

static int real_place(int lane, int width) {
    (void)width;
    return 2 * lane;
}

static int imaginary_place(int lane, int width) {
    (void)width;
    return 2 * lane + 1;
}

static int turn_place(int lane, int width) {
    return lane / 2 + lane % 2 * width;
}

static int twice_place(int lane, int width) {
    (void)width;
    return lane / 2;
}

static LLVMValueRef shuffled(Emitter *e, LLVMValueRef a, LLVMValueRef b, int count, Place place) {
    LLVMValueRef order[2 * EMIT_WIDTH_MAX];
    for (int lane = 0; lane < count; lane++)
        order[lane] = LLVMConstInt(LLVMInt32TypeInContext(e->context), (unsigned)place(lane, e->width), false);
    return LLVMBuildShuffleVector(e->builder, a, b ? b : LLVMGetPoison(LLVMTypeOf(a)), LLVMConstVector(order, (unsigned)count),
                                  "");
}

/* The mask of the parts of neighbouring elements, the lowest lane first. */
static LLVMValueRef mask_of_parts(Emitter *e, AccessKind kind) {
    LLVMValueRef on = kind == ACCESS_BACKWARD ? reverse(e, e->mask) : e->mask;
    return shuffled(e, on, NULL, 2 * e->width, twice_place);
}

/* Where the parts of each lane's element lie. */
static LLVMValueRef pointers_of_parts(Emitter *e, LLVMTypeRef real, LLVMValueRef pointers, int part) {
    LLVMValueRef index = int64(e, part);
    return LLVMBuildGEP2(e->builder, real, pointers, &index, 1, "");
}

static LLVMValueRef complex_load(Emitter *e, const Value *array, Size offset, AccessKind kind) {
    LLVMTypeRef real = type_of(e, dtype_real(array->dtype)), type = vector_of(e, real);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0), both = LLVMVectorType(real, 2 * (unsigned)e->width);
    LLVMValueRef parts[2], value;
    if (kind == ACCESS_SCATTERED || kind == ACCESS_STRIDED) {
        LLVMTypeRef types[] = {type, vector_of(e, pointer)};
        LLVMValueRef pointers = pointers_of(e, array, offset);
        for (int i = 0; i < 2; i++) {
            LLVMValueRef arguments[] = {pointers_of_parts(e, real, pointers, i), alignment(e, array),
                                        e->mask ? e->mask : all_lanes(e), LLVMConstNull(type)};
            parts[i] = memory_intrinsic(e, "llvm.masked.gather", types, arguments, 4);
        }
        return emit_complex(e, parts[0], parts[1]);
    }
    LLVMValueRef address = lowest_lane(e, array, offset, kind == ACCESS_BACKWARD ? -1 : 1);
    if (e->mask) {
        LLVMTypeRef types[] = {both, pointer};
        LLVMValueRef arguments[] = {address, alignment(e, array), mask_of_parts(e, kind), LLVMConstNull(both)};
        value = memory_intrinsic(e, "llvm.masked.load", types, arguments, 4);
    } else {
        value = LLVMBuildLoad2(e->builder, both, address, "");
        LLVMSetAlignment(value, alignment_of(array));
    }
    for (int i = 0; i < 2; i++) {
        parts[i] = shuffled(e, value, NULL, e->width, i ? imaginary_place : real_place);
        parts[i] = kind == ACCESS_BACKWARD ? reverse(e, parts[i]) : parts[i];
    }
    return emit_complex(e, parts[0], parts[1]);
}

static void complex_store(Emitter *e, const Value *array, Size offset, AccessKind kind, LLVMValueRef value) {
    LLVMTypeRef real = type_of(e, dtype_real(array->dtype)), pointer = LLVMPointerTypeInContext(e->context, 0);
    LLVMValueRef parts[] = {complex_part(e, value, 0), complex_part(e, value, 1)};
    if (kind == ACCESS_SCATTERED || kind == ACCESS_STRIDED) {
        LLVMTypeRef types[] = {vector_of(e, real), vector_of(e, pointer)};
        LLVMValueRef pointers = pointers_of(e, array, offset);
        for (int i = 0; i < 2; i++) {
            LLVMValueRef arguments[] = {parts[i], pointers_of_parts(e, real, pointers, i), alignment(e, array),
                                        e->mask ? e->mask : all_lanes(e)};
            memory_intrinsic(e, "llvm.masked.scatter", types, arguments, 4);
        }
        return;
    }
    for (int i = 0; i < 2; i++)
        parts[i] = kind == ACCESS_BACKWARD ? reverse(e, parts[i]) : parts[i];
    LLVMValueRef address = lowest_lane(e, array, offset, kind == ACCESS_BACKWARD ? -1 : 1);
    LLVMValueRef both = shuffled(e, parts[0], parts[1], 2 * e->width, turn_place);
    if (e->mask) {
        LLVMTypeRef types[] = {LLVMTypeOf(both), pointer};
        LLVMValueRef arguments[] = {both, address, alignment(e, array), mask_of_parts(e, kind)};
        memory_intrinsic(e, "llvm.masked.store", types, arguments, 4);
    } else {
        LLVMSetAlignment(LLVMBuildStore(e->builder, both, address), alignment_of(array));
    }
}

/* ---- loads and stores ----------------------------------------------------------------------- */

LLVMValueRef emit_load(Emitter *e, const Node *load) {
    const Value *array = load->as.load.array;
    Size offset = linear(array, load->as.load.index);
    int64_t stride;
    AccessKind kind = access_kind(e, offset, &stride);
    LLVMValueRef value;
    Pattern pattern = {0};
    if (kind == ACCESS_SCATTERED && !dtype_is_complex(array->dtype) && find_pattern(e, offset, &pattern))
        kind = ACCESS_PATTERNED;
    if (kind == ACCESS_UNIFORM) {
        LLVMValueRef address = emit_element(e, array, offset);
        value = LLVMBuildLoad2(e->builder, memory_type(e, array->dtype), address, "");
        LLVMSetAlignment(value, alignment_of(array));
    } else if (dtype_is_complex(array->dtype)) {
        value = complex_load(e, array, offset, kind);
    } else if (kind == ACCESS_STRIDED && !e->mask) {
        value = strided_load(e, load, offset, stride);
    } else if (kind == ACCESS_PATTERNED) {
        value = patterned_load(e, array, offset, &pattern);
    } else {
        value = vector_load(e, array, offset, kind);
    }
    if (array->dtype == DTYPE_BOOL)
        value = LLVMBuildICmp(e->builder, LLVMIntNE, value, LLVMConstNull(LLVMTypeOf(value)), "");
    return value;
}

void emit_store(Emitter *e, const Value *array, const Size *index, LLVMValueRef value) {
    Size offset = linear(array, index);
    int64_t stride;
    AccessKind kind = access_kind(e, offset, &stride);
    LLVMTypeRef type = memory_type(e, array->dtype), pointer = LLVMPointerTypeInContext(e->context, 0);
    if (kind != ACCESS_UNIFORM) {
        value = splat(e, value);
        type = vector_of(e, type);
        if (dtype_is_complex(array->dtype)) {
            complex_store(e, array, offset, kind, value);
            return;
        }
    }
    if (array->dtype == DTYPE_BOOL)
        value = LLVMBuildZExt(e->builder, value, type, "");
    if (kind == ACCESS_SCATTERED || kind == ACCESS_STRIDED) {
        LLVMTypeRef types[] = {type, vector_of(e, pointer)};
        LLVMValueRef arguments[] = {value, pointers_of(e, array, offset), alignment(e, array),
                                    e->mask ? e->mask : all_lanes(e)};
        memory_intrinsic(e, "llvm.masked.scatter", types, arguments, 4);
        return;
    }
    if (kind == ACCESS_BACKWARD)
        value = reverse(e, value);
    LLVMValueRef address = lowest_lane(e, array, offset, kind == ACCESS_BACKWARD ? -1 : 1);
    if (kind != ACCESS_UNIFORM && e->mask) {
        LLVMTypeRef types[] = {type, pointer};
        LLVMValueRef on = kind == ACCESS_BACKWARD ? reverse(e, e->mask) : e->mask;
        LLVMValueRef arguments[] = {value, address, alignment(e, array), on};
        memory_intrinsic(e, "llvm.masked.store", types, arguments, 4);
        return;
    }
    LLVMValueRef store = LLVMBuildStore(e->builder, value, address);
    LLVMSetAlignment(store, alignment_of(array));
}

/* ---- buffers and views --------------------------------------------------------------------- */

/* The runtime has said it. */
static void fail_silently(Emitter *e, const void *user) {
    (void)e;
    (void)user;
}

enum { STACK_ALIGNMENT = 64 };

/* A few bytes in the frame: nobody gives them back. */
static void emit_stack(Emitter *e, const Node *node, Size count) {
    LLVMTypeRef i8 = LLVMInt8TypeInContext(e->context);
    int64_t bytes = 0;
    size_is_const(count, &bytes);
    LLVMBasicBlockRef entry = e->entry;
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    LLVMSetCurrentDebugLocation2(e->builder, NULL);   /* that of a piece is not one of the whole */
    e->entry = entry_that_lasts(e);
    LLVMValueRef slot = stack_slot(e, LLVMArrayType2(i8, (uint64_t)(bytes ? bytes : 1)), "array");
    LLVMSetAlignment(slot, STACK_ALIGNMENT);
    set(e, node->results.data[0], slot, pointer_null(e));
    e->values[node->results.data[0]->id].home = LLVMGetBasicBlockParent(e->entry);
    e->entry = entry;
    LLVMSetCurrentDebugLocation2(e->builder, location);
    slot = get(e, node->results.data[0]).value;
    if (node->as.alloc.zeroed)
        LLVMBuildMemSet(e->builder, slot, LLVMConstNull(i8), int64(e, bytes), STACK_ALIGNMENT);
}

void emit_alloc(Emitter *e, const Node *node) {
    const Value *array = node->results.data[0];
    Size count = size_const(dtype_info(array->dtype)->bytes);
    for (int axis = 0; axis < array->rank; axis++)
        count = size_mul(count, array->shape[axis]);
    if (node->as.alloc.stack) {
        emit_stack(e, node, count);
        return;
    }
    LLVMValueRef overflow, bytes = emit_size_checked(e, count, &overflow);
    bytes = LLVMBuildSelect(e->builder, overflow, int64(e, INT64_MAX), bytes, "");
    LLVMValueRef arguments[] = {bytes, int64(e, node->as.alloc.zeroed), place_string(e, node->span)};
    LLVMValueRef data = call_abi(e, "mnp_new", arguments, 3);
    fail_if(e, LLVMBuildIsNull(e->builder, data, ""), fail_silently, node);
    set(e, array, data, data);
}

void emit_view(Emitter *e, const Node *node) {
    const Value *base = node->as.view.base, *view = node->results.data[0];
    Emitted from = get(e, base);
    LLVMValueRef data = from.value;
    if (node->as.view.kind == VIEW_AFFINE) {
        Size offset = linear(base, node->as.view.start);
        /* An empty view may start past the end: its address is never used. */
        LLVMValueRef at = emit_size(e, offset);
        data = LLVMBuildGEP2(e->builder, memory_type(e, base->dtype), from.value, &at, 1, "");
    }
    set(e, view, data, from.owner);
}

/* ---- descriptors --------------------------------------------------------------------------- */

LLVMTypeRef descriptor_type(Emitter *e) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context), i64 = LLVMInt64TypeInContext(e->context);
    LLVMTypeRef fields[] = {LLVMPointerTypeInContext(e->context, 0), i32, i32, LLVMArrayType2(i64, 8),
                            LLVMArrayType2(i64, 8)};
    return LLVMStructTypeInContext(e->context, fields, 5, false);
}

static LLVMValueRef field(Emitter *e, LLVMValueRef descriptor, int member, int item) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef path[] = {LLVMConstInt(i32, 0, false), LLVMConstInt(i32, (unsigned)member, false),
                           LLVMConstInt(i32, (unsigned)item, false)};
    return LLVMBuildInBoundsGEP2(e->builder, descriptor_type(e), descriptor, path, member > 2 ? 3 : 2, "");
}

LLVMValueRef emit_descriptor(Emitter *e, const Value *array) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef slot = stack_slot(e, descriptor_type(e), "descriptor");
    LLVMBuildStore(e->builder, get(e, array).value, field(e, slot, 0, 0));
    LLVMBuildStore(e->builder, LLVMConstInt(i32, array->dtype, false), field(e, slot, 1, 0));
    LLVMBuildStore(e->builder, LLVMConstInt(i32, (unsigned)array->rank, false), field(e, slot, 2, 0));
    for (int axis = 0; axis < array->rank; axis++) {
        LLVMBuildStore(e->builder, emit_size(e, array->shape[axis]), field(e, slot, 3, axis));
        LLVMBuildStore(e->builder, emit_size(e, array->stride[axis]), field(e, slot, 4, axis));
    }
    return slot;
}
