/* value.c: constants and operations. */
#include "emit/emitter.h"

/* ---- types and constants ------------------------------------------------------------------- */

LLVMTypeRef type_of(Emitter *e, DType dtype) {
    if (dtype == DTYPE_BOOL)
        return LLVMInt1TypeInContext(e->context);
    if (dtype == DTYPE_F64)
        return LLVMDoubleTypeInContext(e->context);
    if (dtype == DTYPE_F32)
        return LLVMFloatTypeInContext(e->context);
    if (dtype_is_complex(dtype)) {
        LLVMTypeRef part = type_of(e, dtype_real(dtype)), parts[] = {part, part};
        return LLVMStructTypeInContext(e->context, parts, 2, false);
    }
    return LLVMIntTypeInContext(e->context, (unsigned)dtype_info(dtype)->bytes * 8);
}

/* The type of a complex number, or of lanes of them. */
static bool is_pair(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMStructTypeKind;
}

LLVMTypeRef vector_of(Emitter *e, LLVMTypeRef type) {
    if (is_pair(type)) {
        LLVMTypeRef part = vector_of(e, LLVMStructGetTypeAtIndex(type, 0)), parts[] = {part, part};
        return LLVMStructTypeInContext(e->context, parts, 2, false);
    }
    return LLVMVectorType(type, (unsigned)e->width);
}

bool is_vector(LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    return LLVMGetTypeKind(is_pair(type) ? LLVMStructGetTypeAtIndex(type, 0) : type) == LLVMVectorTypeKind;
}

LLVMValueRef int64(Emitter *e, int64_t value) {
    return LLVMConstInt(LLVMInt64TypeInContext(e->context), (unsigned long long)value, true);
}

LLVMValueRef pointer_null(Emitter *e) {
    return LLVMConstNull(LLVMPointerTypeInContext(e->context, 0));
}

LLVMValueRef emit_constant(Emitter *e, DType dtype, Scalar value) {
    LLVMTypeRef type = type_of(e, dtype);
    if (dtype_is_complex(dtype)) {
        LLVMTypeRef part = type_of(e, dtype_real(dtype));
        LLVMValueRef parts[] = {LLVMConstReal(part, value.re), LLVMConstReal(part, value.im)};
        return LLVMConstNamedStruct(type, parts, 2);
    }
    return dtype_is_float(dtype) ? LLVMConstReal(type, value.f)
                                 : LLVMConstInt(type, (unsigned long long)value.i, true);
}

LLVMValueRef complex_part(Emitter *e, LLVMValueRef value, unsigned part) {
    return LLVMBuildExtractValue(e->builder, value, part, "");
}

LLVMValueRef splat(Emitter *e, LLVMValueRef value) {
    if (is_vector(value) || e->width == 1)
        return value;
    if (is_pair(LLVMTypeOf(value)))
        return emit_complex(e, splat(e, complex_part(e, value, 0)), splat(e, complex_part(e, value, 1)));
    LLVMTypeRef type = vector_of(e, LLVMTypeOf(value));
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef one = LLVMBuildInsertElement(e->builder, LLVMGetPoison(type), value,
                                              LLVMConstInt(i32, 0, false), "");
    LLVMValueRef zeros = LLVMConstNull(LLVMVectorType(i32, (unsigned)e->width));
    return LLVMBuildShuffleVector(e->builder, one, LLVMGetPoison(type), zeros, "");
}

/* Both scalar or both vectors. */
void unify(Emitter *e, LLVMValueRef *a, LLVMValueRef *b) {
    if (is_vector(*a) && !is_vector(*b))
        *b = splat(e, *b);
    else if (is_vector(*b) && !is_vector(*a))
        *a = splat(e, *a);
}

LLVMValueRef select_value(Emitter *e, LLVMValueRef test, LLVMValueRef a, LLVMValueRef b) {
    if (!is_pair(LLVMTypeOf(a)))
        return LLVMBuildSelect(e->builder, test, a, b, "");
    LLVMValueRef parts[2];
    for (unsigned i = 0; i < 2; i++)
        parts[i] = LLVMBuildSelect(e->builder, test, complex_part(e, a, i), complex_part(e, b, i), "");
    return emit_complex(e, parts[0], parts[1]);
}

void set(Emitter *e, const Value *value, LLVMValueRef llvm, LLVMValueRef owner) {
    e->values[value->id] = (Emitted){llvm, owner, e->depth, e->llvm_function};
}

Emitted get(Emitter *e, const Value *value) {
    Emitted emitted = e->values[value->id];
    if (!emitted.value && value->size)
        emitted.value = emit_size(e, value->size);
    if (!emitted.value)
        BUG("value %u has not been emitted", value->id);
    return value->size && !e->values[value->id].value ? emitted : bring_value(e, value, emitted);
}

LLVMValueRef intrinsic(Emitter *e, const char *name, LLVMTypeRef type, LLVMValueRef *arguments,
                       int count) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, &type, 1);
    LLVMTypeRef function_type = LLVMIntrinsicGetType(e->context, id, &type, 1);
    return LLVMBuildCall2(e->builder, function_type, function, arguments, (unsigned)count, "");
}

/* ---- operations ---------------------------------------------------------------------------- */

static LLVMValueRef float_compare(Emitter *e, Op op, LLVMValueRef a, LLVMValueRef b) {
    LLVMRealPredicate predicate = op == OP_EQ   ? LLVMRealOEQ
                                  : op == OP_NE ? LLVMRealUNE
                                  : op == OP_LT ? LLVMRealOLT
                                  : op == OP_LE ? LLVMRealOLE
                                  : op == OP_GT ? LLVMRealOGT
                                                : LLVMRealOGE;
    return LLVMBuildFCmp(e->builder, predicate, a, b, "");
}

static LLVMValueRef int_compare(Emitter *e, Op op, bool is_unsigned, LLVMValueRef a, LLVMValueRef b) {
    LLVMIntPredicate predicate = op == OP_EQ   ? LLVMIntEQ
                                 : op == OP_NE ? LLVMIntNE
                                 : op == OP_LT ? (is_unsigned ? LLVMIntULT : LLVMIntSLT)
                                 : op == OP_LE ? (is_unsigned ? LLVMIntULE : LLVMIntSLE)
                                 : op == OP_GT ? (is_unsigned ? LLVMIntUGT : LLVMIntSGT)
                                               : (is_unsigned ? LLVMIntUGE : LLVMIntSGE);
    return LLVMBuildICmp(e->builder, predicate, a, b, "");
}

/* True if LLVM folds the question whether the value is nan to no. */
static bool is_never_nan(Emitter *e, LLVMValueRef value) {
    if (!LLVMIsConstant(value))
        return false;
    LLVMValueRef nan = LLVMBuildFCmp(e->builder, LLVMRealUNO, value, value, "");
    return LLVMIsConstant(nan) && LLVMIsNull(nan);
}

/* True for a constant that equals no other number: a nan and the zeros are none. */
static bool equals_itself_only(Emitter *e, LLVMValueRef value) {
    if (!is_never_nan(e, value))
        return false;
    LLVMValueRef zero = LLVMBuildFCmp(e->builder, LLVMRealOEQ, value, LLVMConstNull(LLVMTypeOf(value)), "");
    return LLVMIsConstant(zero) && LLVMIsNull(zero);
}

static LLVMValueRef call_x86(Emitter *e, const char *name, LLVMTypeRef type, LLVMValueRef *arguments) {
    LLVMValueRef function = LLVMGetNamedFunction(e->module, name);
    if (!function)
        function = LLVMAddFunction(e->module, name, type);
    return LLVMBuildCall2(e->builder, type, function, arguments, LLVMCountParamTypes(type), "");
}

/* x86-64's instruction gives the second where one is nan or both are equal; written as a comparison and a selection it
 * would be merged with the test for nan, which takes longer. NULL: no vector of the machine's size. */
static LLVMValueRef x86_extreme(Emitter *e, bool min, LLVMValueRef a, LLVMValueRef b) {
    LLVMTypeRef type = LLVMTypeOf(a), i32 = LLVMInt32TypeInContext(e->context);
    if (!is_vector(a))
        return NULL;
    bool wide = LLVMGetTypeKind(LLVMGetElementType(type)) == LLVMDoubleTypeKind;
    unsigned bytes = LLVMGetVectorSize(type) * (wide ? 8 : 4);
    if ((bytes != 32 && bytes != 64) || bytes > 8 * (unsigned)e->options->vector_width)
        return NULL;
    const char *name = arena_printf(e->arena, "llvm.x86.%s.%s.p%c.%d", bytes == 64 ? "avx512" : "avx", min ? "min" : "max",
                                    wide ? 'd' : 's', 8 * bytes);
    LLVMValueRef rounding = LLVMConstInt(i32, 4, false), arguments[] = {a, b, rounding};
    LLVMTypeRef types[] = {type, type, i32};
    return call_x86(e, name, LLVMFunctionType(type, types, bytes == 64 ? 3 : 2, false), arguments);
}

/* min and max where nan wins, as NumPy's minimum and maximum; of equal ones the second. A constant that is no nan
 * saves a test; where equal means the same bits any order gives the same, and most machines have an instruction. */
static LLVMValueRef float_extreme(Emitter *e, Op op, LLVMValueRef a, LLVMValueRef b) {
    bool min = op == OP_MINIMUM;
    LLVMBuilderRef builder = e->builder;
    LLVMValueRef operands[] = {a, b};
    if (equals_itself_only(e, a) || equals_itself_only(e, b))
        return intrinsic(e, min ? "llvm.minimum" : "llvm.maximum", LLVMTypeOf(a), operands, 2);
    if (is_never_nan(e, b)) {
        LLVMValueRef better = LLVMBuildFCmp(builder, min ? LLVMRealULT : LLVMRealUGT, a, b, "");
        return LLVMBuildSelect(builder, better, a, b, "");
    }
    LLVMValueRef extreme = x86_extreme(e, min, a, b);
    if (!extreme) {
        LLVMValueRef better = LLVMBuildFCmp(builder, min ? LLVMRealOLT : LLVMRealOGT, a, b, "");
        extreme = LLVMBuildSelect(builder, better, a, b, "");
    }
    if (is_never_nan(e, a))
        return extreme;
    LLVMValueRef nan = LLVMBuildFCmp(builder, LLVMRealUNO, a, a, "");
    return LLVMBuildSelect(builder, nan, a, extreme, "");
}

/* The extreme of a loop's terms: any order gives the same, also of zeros, so that LLVM may have lanes of it. In lanes of
 * our own, and without LLVM's, the order is the loop's. */
static LLVMValueRef carried_extreme(Emitter *e, Op op, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef operands[] = {a, b};
    return intrinsic(e, op == OP_MINIMUM ? "llvm.minimum" : "llvm.maximum", LLVMTypeOf(a), operands, 2);
}

/* A call of a C function; for vectors lane by lane. */
LLVMValueRef libm_call(Emitter *e, const char *name, LLVMValueRef *arguments, int count) {
    LLVMTypeRef element = LLVMTypeOf(arguments[0]), types[3];
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    bool vector = is_vector(arguments[0]);
    if (vector)
        element = LLVMGetElementType(element);
    for (int i = 0; i < count; i++)
        types[i] = element;
    LLVMTypeRef type = LLVMFunctionType(element, types, (unsigned)count, false);
    LLVMValueRef function = LLVMGetNamedFunction(e->module, name);
    if (!function) {
        function = LLVMAddFunction(e->module, name, type);
        unsigned none = LLVMGetEnumAttributeKindForName("memory", 6);
        LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex,
                                LLVMCreateEnumAttribute(e->context, none, 0));
    }
    if (!vector)
        return LLVMBuildCall2(e->builder, type, function, arguments, (unsigned)count, "");
    LLVMValueRef result = LLVMGetPoison(LLVMTypeOf(arguments[0]));
    for (int lane = 0; lane < e->width; lane++) {
        LLVMValueRef scalars[3], at = LLVMConstInt(i32, (unsigned)lane, false);
        for (int i = 0; i < count; i++)
            scalars[i] = LLVMBuildExtractElement(e->builder, arguments[i], at, "");
        LLVMValueRef one = LLVMBuildCall2(e->builder, type, function, scalars, (unsigned)count, "");
        result = LLVMBuildInsertElement(e->builder, result, one, at, "");
    }
    return result;
}

static const char *typed_name(Emitter *e, const char *name, DType dtype) {
    /* On integers it is a function of the runtime. */
    return dtype == DTYPE_F32 ? arena_printf(e->arena, "%sf", name) : name;
}

static LLVMValueRef float_binary(Emitter *e, Op op, LLVMValueRef a, LLVMValueRef b) {
    LLVMBuilderRef builder = e->builder;
    LLVMValueRef arguments[] = {a, b};
    switch ((int)op) {
    case OP_ADD: return LLVMBuildFAdd(builder, a, b, "");
    case OP_SUB: return LLVMBuildFSub(builder, a, b, "");
    case OP_MUL: return LLVMBuildFMul(builder, a, b, "");
    case OP_DIV: return LLVMBuildFDiv(builder, a, b, "");
    case OP_MINIMUM: case OP_MAXIMUM: return float_extreme(e, op, a, b);
    case OP_COPYSIGN: return intrinsic(e, "llvm.copysign", LLVMTypeOf(a), arguments, 2);
    case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE:
        return float_compare(e, op, a, b);
    default: BUG("no float operation %s", op_info(op)->name);
    }
}

/* The logarithm of a constant that is a power of two in all lanes; -1: it is none. */
static int exact_logarithm(LLVMValueRef b) {
    LLVMValueRef first = b;
    if (!LLVMIsConstant(b))
        return -1;
    for (unsigned i = 0; is_vector(b) && i < LLVMGetVectorSize(LLVMTypeOf(b)); i++) {
        LLVMValueRef lane = LLVMGetAggregateElement(b, i);
        first = i ? first : lane;
        if (lane != first)
            return -1;
    }
    if (!first || !LLVMIsAConstantInt(first) || LLVMGetIntTypeWidth(LLVMTypeOf(first)) > 64)
        return -1;
    long long value = LLVMConstIntGetSExtValue(first);
    return value > 0 && !(value & (value - 1)) ? __builtin_ctzll((unsigned long long)value) : -1;
}

/* Division by zero gives 0, and by -1 wraps, as NumPy's integer arrays do. */
static LLVMValueRef int_divide(Emitter *e, bool is_unsigned, bool remainder, LLVMValueRef a, LLVMValueRef b) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef zero = LLVMConstNull(type), ones = LLVMConstAllOnes(type);
    LLVMValueRef one = LLVMBuildSub(builder, zero, ones, "");
    int places = exact_logarithm(b);
    if (places >= 0 && remainder)
        return LLVMBuildAnd(builder, a, LLVMBuildSub(builder, b, one, ""), "");
    if (places >= 0) {
        LLVMValueRef by = LLVMConstInt(is_vector(a) ? LLVMGetElementType(type) : type, (unsigned)places, false);
        by = is_vector(a) ? splat(e, by) : by;
        return is_unsigned ? LLVMBuildLShr(builder, a, by, "") : LLVMBuildAShr(builder, a, by, "");
    }
    LLVMValueRef by_zero = LLVMBuildICmp(builder, LLVMIntEQ, b, zero, ""), result;
    LLVMValueRef odd = by_zero;
    if (!is_unsigned)
        odd = LLVMBuildOr(builder, odd, LLVMBuildICmp(builder, LLVMIntEQ, b, ones, ""), "");
    LLVMValueRef divisor = LLVMBuildSelect(builder, odd, one, b, "");
    if (is_unsigned)
        result = remainder ? LLVMBuildURem(builder, a, divisor, "") : LLVMBuildUDiv(builder, a, divisor, "");
    else
        result = floor_divide(e, a, divisor, remainder);
    if (!is_unsigned && !remainder) {
        LLVMValueRef negated = LLVMBuildSub(builder, zero, a, "");
        LLVMValueRef by_ones = LLVMBuildICmp(builder, LLVMIntEQ, b, ones, "");
        result = LLVMBuildSelect(builder, by_ones, negated, result, "");
    }
    return LLVMBuildSelect(builder, by_zero, zero, result, "");
}

static LLVMValueRef int_shift(Emitter *e, Op op, bool is_unsigned, LLVMValueRef a, LLVMValueRef b) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef type = LLVMTypeOf(a), element = is_vector(a) ? LLVMGetElementType(type) : type;
    unsigned bits = LLVMGetIntTypeWidth(element);
    LLVMValueRef limit = LLVMConstInt(element, bits, false), last = LLVMConstInt(element, bits - 1, false);
    limit = is_vector(a) ? splat(e, limit) : limit;
    last = is_vector(a) ? splat(e, last) : last;
    LLVMValueRef over = LLVMBuildICmp(builder, LLVMIntUGE, b, limit, "");
    LLVMValueRef safe = LLVMBuildSelect(builder, over, last, b, "");
    if (op == OP_SHR && !is_unsigned)
        return LLVMBuildAShr(builder, a, safe, "");
    LLVMValueRef shifted = op == OP_SHL ? LLVMBuildShl(builder, a, safe, "") : LLVMBuildLShr(builder, a, safe, "");
    return LLVMBuildSelect(builder, over, LLVMConstNull(type), shifted, "");
}

static LLVMValueRef one_like(Emitter *e, LLVMValueRef a) {
    bool vector = is_vector(a);
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef one = LLVMConstInt(vector ? LLVMGetElementType(type) : type, 1, false);
    return vector ? splat(e, one) : one;
}

/* Integer powers by repeated multiplication: a constant exponent written out, else by the runtime. */
static LLVMValueRef int_power(Emitter *e, DType dtype, LLVMValueRef a, LLVMValueRef b) {
    LLVMTypeRef type = LLVMTypeOf(a), wide = LLVMInt64TypeInContext(e->context);
    LLVMValueRef result = one_like(e, a);
    if (!is_vector(b) && LLVMIsAConstantInt(b)) {
        for (uint64_t rest = LLVMConstIntGetZExtValue(b); rest; rest >>= 1) {
            result = rest & 1 ? LLVMBuildMul(e->builder, result, a, "") : result;
            a = rest > 1 ? LLVMBuildMul(e->builder, a, a, "") : a;
        }
        return result;
    }
    bool is_signed = dtype_info(dtype)->class == CLASS_INT;
    wide = is_vector(a) ? vector_of(e, wide) : wide;
    LLVMValueRef arguments[] = {LLVMBuildIntCast2(e->builder, a, wide, is_signed, ""),
                                LLVMBuildIntCast2(e->builder, b, wide, is_signed, "")};
    return LLVMBuildIntCast2(e->builder, libm_call(e, "mnp_pow_wrap", arguments, 2), type, false, "");
}

static LLVMValueRef int_binary(Emitter *e, Op op, DType dtype, LLVMValueRef a, LLVMValueRef b) {
    LLVMBuilderRef builder = e->builder;
    bool is_unsigned = dtype_info(dtype)->class != CLASS_INT;
    LLVMValueRef arguments[] = {a, b};
    switch ((int)op) {
    case OP_ADD: return dtype == DTYPE_BOOL ? LLVMBuildOr(builder, a, b, "") : LLVMBuildAdd(builder, a, b, "");
    case OP_SUB: return LLVMBuildSub(builder, a, b, "");
    case OP_MUL: return dtype == DTYPE_BOOL ? LLVMBuildAnd(builder, a, b, "") : LLVMBuildMul(builder, a, b, "");
    case OP_FLOORDIV: case OP_MOD: return int_divide(e, is_unsigned, op == OP_MOD, a, b);
    case OP_POW: return int_power(e, dtype, a, b);
    case OP_MINIMUM:
        return intrinsic(e, is_unsigned ? "llvm.umin" : "llvm.smin", LLVMTypeOf(a), arguments, 2);
    case OP_MAXIMUM:
        return intrinsic(e, is_unsigned ? "llvm.umax" : "llvm.smax", LLVMTypeOf(a), arguments, 2);
    case OP_AND: case OP_LOGICAL_AND: return LLVMBuildAnd(builder, a, b, "");
    case OP_OR: case OP_LOGICAL_OR: return LLVMBuildOr(builder, a, b, "");
    case OP_XOR: case OP_LOGICAL_XOR: return LLVMBuildXor(builder, a, b, "");
    case OP_SHL: case OP_SHR: return int_shift(e, op, is_unsigned, a, b);
    case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE:
        return int_compare(e, op, is_unsigned, a, b);
    case OP_WRAP: {
        LLVMValueRef negative = LLVMBuildICmp(builder, LLVMIntSLT, a, LLVMConstNull(LLVMTypeOf(a)), "");
        return LLVMBuildSelect(builder, negative, LLVMBuildAdd(builder, a, b, ""), a, "");
    }
    default: BUG("no integer operation %s", op_info(op)->name);
    }
}

LLVMValueRef emit_binary_op(Emitter *e, Op op, DType dtype, LLVMValueRef a, LLVMValueRef b) {
    unify(e, &a, &b);
    if (op_info(op)->emission == LIBM) {
        LLVMValueRef arguments[] = {a, b};
        return libm_call(e, typed_name(e, op_info(op)->libm, dtype), arguments, op_info(op)->arity);
    }
    return dtype_is_float(dtype) ? float_binary(e, op, a, b) : int_binary(e, op, dtype, a, b);
}

static LLVMValueRef float_sign(Emitter *e, LLVMValueRef a) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef zero = LLVMConstNull(type);
    LLVMValueRef up = LLVMBuildUIToFP(builder, LLVMBuildFCmp(builder, LLVMRealOGT, a, zero, ""), type, "");
    LLVMValueRef down = LLVMBuildUIToFP(builder, LLVMBuildFCmp(builder, LLVMRealOLT, a, zero, ""), type, "");
    LLVMValueRef nan = LLVMBuildFCmp(builder, LLVMRealUNO, a, a, "");
    return LLVMBuildSelect(builder, nan, a, LLVMBuildFSub(builder, up, down, ""), "");
}

static LLVMValueRef float_unary(Emitter *e, Op op, LLVMValueRef a) {
    static const char *const names[OP_COUNT] = {
        [OP_ABS] = "llvm.fabs", [OP_SQRT] = "llvm.sqrt", [OP_FLOOR] = "llvm.floor",
        [OP_CEIL] = "llvm.ceil", [OP_TRUNC] = "llvm.trunc", [OP_RINT] = "llvm.rint"};
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMBuilderRef builder = e->builder;
    LLVMValueRef size = op == OP_ISINF || op == OP_ISFINITE ? intrinsic(e, "llvm.fabs", type, &a, 1) : NULL;
    LLVMValueRef infinity = LLVMConstReal(is_vector(a) ? LLVMGetElementType(type) : type, __builtin_inf());
    infinity = is_vector(a) ? splat(e, infinity) : infinity;
    if (names[op])
        return intrinsic(e, names[op], type, &a, 1);
    switch ((int)op) {
    case OP_NEG: return LLVMBuildFNeg(builder, a, "");
    case OP_REAL: return a;
    case OP_IMAG: return LLVMConstNull(type);
    case OP_SIGN: return float_sign(e, a);
    case OP_ISNAN: return LLVMBuildFCmp(builder, LLVMRealUNO, a, a, "");
    case OP_ISINF: return LLVMBuildFCmp(builder, LLVMRealOEQ, size, infinity, "");
    case OP_ISFINITE: return LLVMBuildFCmp(builder, LLVMRealOLT, size, infinity, "");
    default: BUG("no float operation %s", op_info(op)->name);
    }
}

static LLVMValueRef int_unary(Emitter *e, Op op, DType dtype, LLVMValueRef a) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef zero = LLVMConstNull(type), negated = LLVMBuildSub(builder, zero, a, "");
    LLVMValueRef negative = LLVMBuildICmp(builder, LLVMIntSLT, a, zero, "");
    bool is_signed = dtype_info(dtype)->class == CLASS_INT;
    LLVMValueRef up = LLVMBuildZExt(builder, LLVMBuildICmp(builder, LLVMIntNE, a, zero, ""), type, "");
    LLVMTypeRef bit = LLVMInt1TypeInContext(e->context);
    switch ((int)op) {
    case OP_NEG: return negated;
    case OP_ABS: return is_signed ? LLVMBuildSelect(builder, negative, negated, a, "") : a;
    case OP_SIGN: return is_signed ? LLVMBuildSelect(builder, negative, LLVMConstAllOnes(type), up, "") : up;
    case OP_COUNT_BITS: {
        LLVMValueRef magnitude = is_signed ? LLVMBuildSelect(builder, negative, negated, a, "") : a;
        LLVMValueRef bits = intrinsic(e, "llvm.ctpop", type, &magnitude, 1);
        LLVMTypeRef byte = LLVMInt8TypeInContext(e->context);
        return LLVMBuildIntCast2(builder, bits, is_vector(a) ? vector_of(e, byte) : byte, false, "");
    }
    case OP_IMAG: return zero;
    case OP_INVERT: case OP_NOT: return LLVMBuildNot(builder, a, "");
    case OP_ISNAN: case OP_ISINF: return LLVMConstNull(is_vector(a) ? vector_of(e, bit) : bit);
    case OP_ISFINITE: return LLVMConstAllOnes(is_vector(a) ? vector_of(e, bit) : bit);
    default: return a;
    }
}

static LLVMValueRef like_vector(Emitter *e, LLVMValueRef like, LLVMValueRef value) {
    return is_vector(like) ? splat(e, value) : value;
}

/* low < a < high, or low <= a where `closed`; else the least integer of the type. */
static LLVMValueRef convert_inside(Emitter *e, LLVMValueRef a, LLVMTypeRef integer, double low, double high, bool closed) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef real = is_vector(a) ? LLVMGetElementType(LLVMTypeOf(a)) : LLVMTypeOf(a);
    LLVMValueRef from = like_vector(e, a, LLVMConstReal(real, low)), to = like_vector(e, a, LLVMConstReal(real, high));
    LLVMValueRef above = LLVMBuildFCmp(builder, closed ? LLVMRealOGE : LLVMRealOGT, a, from, "");
    LLVMValueRef inside = LLVMBuildAnd(builder, above, LLVMBuildFCmp(builder, LLVMRealOLT, a, to, ""), "");
    unsigned bits = LLVMGetIntTypeWidth(integer);
    LLVMValueRef least = like_vector(e, a, LLVMConstInt(integer, 1ull << (bits - 1), false));
    LLVMValueRef safe = LLVMBuildSelect(builder, inside, a, LLVMConstNull(LLVMTypeOf(a)), "");
    LLVMTypeRef type = is_vector(a) ? vector_of(e, integer) : integer;
    return LLVMBuildSelect(builder, inside, LLVMBuildFPToSI(builder, safe, type, ""), least, "");
}

/* x86-64's own conversion of one float, which needs no test. */
static LLVMValueRef convert_on_x86(Emitter *e, LLVMValueRef a, LLVMTypeRef whole) {
    bool wide = LLVMGetIntTypeWidth(whole) == 64;
    const char *name = wide ? "llvm.x86.sse2.cvttsd2si64" : "llvm.x86.sse2.cvttsd2si";
    LLVMTypeRef real = LLVMDoubleTypeInContext(e->context), pair = LLVMVectorType(real, 2);
    LLVMValueRef first = LLVMConstNull(LLVMInt32TypeInContext(e->context));
    LLVMValueRef lanes = LLVMBuildInsertElement(e->builder, LLVMGetPoison(pair), LLVMBuildFPExt(e->builder, a, real, ""),
                                                first, "");
    return call_x86(e, name, LLVMFunctionType(whole, &pair, 1, false), &lanes);
}

/* Floats outside of the integer's range give what x86-64 does (ops.c, float_to_int). The bounds of 32 bits are
 * rounded outwards in f32, where no other float lies between. */
static LLVMValueRef float_to_int(Emitter *e, DType from, DType to, LLVMValueRef a) {
    LLVMBuilderRef builder = e->builder;
    LLVMTypeRef type = type_of(e, to), i32 = LLVMInt32TypeInContext(e->context), i64 = LLVMInt64TypeInContext(e->context);
    type = is_vector(a) ? vector_of(e, type) : type;
    bool narrow = dtype_info(to)->bytes < 4 || to == DTYPE_I32;
    if (!is_vector(a) && to != DTYPE_U64 && !strncmp(LLVMGetTarget(e->module), "x86_64", 6))
        return LLVMBuildIntCast2(builder, convert_on_x86(e, a, narrow ? i32 : i64), type, true, "");
    if (narrow) {
        bool closed = from == DTYPE_F32;
        LLVMValueRef whole = convert_inside(e, a, i32, closed ? -2147483648.0 : -2147483649.0, 2147483648.0, closed);
        return LLVMBuildIntCast2(builder, whole, type, true, "");
    }
    LLVMValueRef whole = convert_inside(e, a, i64, -9223372036854775808.0, 9223372036854775808.0, true);
    if (to == DTYPE_U64) {
        LLVMTypeRef real = is_vector(a) ? LLVMGetElementType(LLVMTypeOf(a)) : LLVMTypeOf(a);
        LLVMValueRef half = like_vector(e, a, LLVMConstReal(real, 9223372036854775808.0));
        LLVMValueRef above = LLVMBuildFSub(builder, a, half, "");
        LLVMValueRef upper = convert_inside(e, above, i64, -9223372036854775808.0, 9223372036854775808.0, true);
        LLVMValueRef top = like_vector(e, a, LLVMConstInt(i64, 1ull << 63, false));
        LLVMValueRef big = LLVMBuildFCmp(builder, LLVMRealOGE, a, half, "");
        whole = LLVMBuildSelect(builder, big, LLVMBuildXor(builder, upper, top, ""), whole, "");
    }
    return LLVMBuildIntCast2(builder, whole, type, true, "");
}

/* NumPy's astype between real dtypes, and to complex ones. */
static LLVMValueRef emit_cast(Emitter *e, DType from, DType to, LLVMValueRef a) {
    LLVMBuilderRef builder = e->builder;
    DTypeClass source = dtype_info(from)->class, target = dtype_info(to)->class;
    if (target == CLASS_COMPLEX) {
        LLVMValueRef real = emit_cast(e, from, dtype_real(to), a);
        return emit_complex(e, real, LLVMConstNull(LLVMTypeOf(real)));
    }
    LLVMTypeRef type = type_of(e, to);
    type = is_vector(a) ? vector_of(e, type) : type;
    if (target == CLASS_BOOL)
        return source == CLASS_FLOAT ? LLVMBuildFCmp(builder, LLVMRealUNE, a, LLVMConstNull(LLVMTypeOf(a)), "")
                                     : LLVMBuildICmp(builder, LLVMIntNE, a, LLVMConstNull(LLVMTypeOf(a)), "");
    if (source == CLASS_FLOAT && target == CLASS_FLOAT)
        return LLVMBuildFPCast(builder, a, type, "");
    if (target == CLASS_FLOAT)
        return source == CLASS_INT ? LLVMBuildSIToFP(builder, a, type, "") : LLVMBuildUIToFP(builder, a, type, "");
    if (source != CLASS_FLOAT)
        return LLVMBuildIntCast2(builder, a, type, source == CLASS_INT, "");
    return float_to_int(e, from, to, a);
}

LLVMValueRef emit_operation(Emitter *e, Op op, const DType *dtypes, DType result, LLVMValueRef *x) {
    DType dtype = dtypes[op == OP_SELECT];
    Definition definition = op_definition(op, dtype);
    bool vector = false;
    for (int i = 0; i < op_info(op)->arity; i++)
        vector |= is_vector(x[i]);
    for (int i = 0; vector && i < op_info(op)->arity; i++)
        x[i] = splat(e, x[i]);
    if (definition)
        return emit_definition(e, definition, op, dtypes, result, x);
    if (op == OP_CAST)
        return emit_cast(e, dtype, result, x[0]);
    if (op == OP_BITS)
        return LLVMBuildBitCast(e->builder, x[0], vector ? vector_of(e, type_of(e, result)) : type_of(e, result), "");
    if (op == OP_SELECT)
        return select_value(e, x[0], x[1], x[2]);
    if (op == OP_FMA)
        return intrinsic(e, "llvm.fma", LLVMTypeOf(x[0]), x, 3);
    if (op == OP_COMPLEX)
        return emit_complex(e, x[0], x[1]);
    if (dtype_is_complex(dtype))
        return emit_complex_part(e, op, x);
    if (op_info(op)->arity == 2 || op_info(op)->emission == LIBM)
        return emit_binary_op(e, op, dtype, x[0], op_info(op)->arity == 2 ? x[1] : x[0]);
    return dtype_is_float(dtype) ? float_unary(e, op, x[0]) : int_unary(e, op, dtype, x[0]);
}

LLVMValueRef emit_let(Emitter *e, const Node *node) {
    Op op = node->as.let.op;
    const Value *first = node->as.let.operands[0];
    LLVMValueRef x[OPERANDS_MAX];
    DType dtypes[OPERANDS_MAX];
    for (int i = 0; i < op_info(op)->arity; i++) {
        const Value *operand = node->as.let.operands[i];
        x[i] = operand->size ? emit_size(e, operand->size) : get(e, operand).value;
        if (operand == e->lane_iv)
            x[i] = emit_size(e, value_size((Value *)operand));
        dtypes[i] = operand->dtype;
    }
    bool carried = first->is_head && first->node->kind == NODE_FOR && dtype_is_float(first->dtype);
    if (carried && (op == OP_MINIMUM || op == OP_MAXIMUM)) {
        unify(e, &x[0], &x[1]);
        bool in_order = is_vector(x[0]) || !e->options->optimize;
        return in_order ? float_extreme(e, op, x[0], x[1]) : carried_extreme(e, op, x[0], x[1]);
    }
    return emit_operation(e, op, dtypes, node->results.data[0]->dtype, x);
}
