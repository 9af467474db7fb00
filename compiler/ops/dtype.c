/* dtype.c: the table of dtypes and NumPy's promotion (NEP 50). */
#include "ops/ops.h"

static const DTypeInfo infos[] = {
#define DTYPE(name, text, numpy, c, bytes, class) {text, numpy, c, bytes, class},
#include "ops/dtypes.def"
#undef DTYPE
};

const DTypeInfo *dtype_info(DType dtype) {
    return &infos[dtype];
}

bool dtype_is_float(DType dtype) {
    return infos[dtype].class == CLASS_FLOAT;
}

bool dtype_is_complex(DType dtype) {
    return infos[dtype].class == CLASS_COMPLEX;
}

DType dtype_real(DType dtype) {
    return dtype == DTYPE_C64 ? DTYPE_F32 : dtype == DTYPE_C128 ? DTYPE_F64 : dtype;
}

bool dtype_is_integer(DType dtype) {
    return infos[dtype].class == CLASS_INT || infos[dtype].class == CLASS_UINT;
}

typedef struct {
    const char *name;
    DType dtype;
} Alias;

static bool find_alias(const Alias *aliases, size_t count, const char *name, DType *dtype) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(name, aliases[i].name)) {
            *dtype = aliases[i].dtype;
            return true;
        }
    return false;
}

bool dtype_by_name(const char *name, DType *dtype) {
    static const Alias aliases[] = {
        {"double", DTYPE_F64}, {"single", DTYPE_F32}, {"bool_", DTYPE_BOOL}, {"intp", DTYPE_I64},
        {"int_", DTYPE_I64}, {"long", DTYPE_I64}, {"longlong", DTYPE_I64}, {"intc", DTYPE_I32}, {"short", DTYPE_I16},
        {"byte", DTYPE_I8}, {"uintp", DTYPE_U64}, {"uint", DTYPE_U64}, {"ulong", DTYPE_U64}, {"ulonglong", DTYPE_U64},
        {"uintc", DTYPE_U32}, {"ushort", DTYPE_U16}, {"ubyte", DTYPE_U8}, {"csingle", DTYPE_C64},
        {"cdouble", DTYPE_C128}};
    for (int i = 0; i < DTYPE_COUNT; i++)
        if (!strcmp(name, infos[i].name) || !strcmp(name, infos[i].numpy)) {
            *dtype = (DType)i;
            return true;
        }
    return find_alias(aliases, sizeof aliases / sizeof *aliases, name, dtype);
}

/* Without the sign of the byte order, as far as that is this machine's or does not matter. */
static const char *without_order(const char *text) {
    return strchr("<=|", *text) && *text ? text + 1 : text;
}

bool dtype_by_text(const char *text, DType *dtype) {
    static const Alias aliases[] = {
        {"?", DTYPE_BOOL}, {"b1", DTYPE_BOOL}, {"b", DTYPE_I8}, {"i1", DTYPE_I8}, {"h", DTYPE_I16}, {"i2", DTYPE_I16},
        {"i", DTYPE_I32}, {"i4", DTYPE_I32}, {"l", DTYPE_I64}, {"q", DTYPE_I64}, {"i8", DTYPE_I64}, {"int", DTYPE_I64},
        {"p", DTYPE_I64}, {"B", DTYPE_U8}, {"u1", DTYPE_U8}, {"H", DTYPE_U16}, {"u2", DTYPE_U16}, {"I", DTYPE_U32},
        {"u4", DTYPE_U32}, {"L", DTYPE_U64}, {"Q", DTYPE_U64}, {"u8", DTYPE_U64}, {"P", DTYPE_U64}, {"f", DTYPE_F32},
        {"f4", DTYPE_F32}, {"d", DTYPE_F64}, {"f8", DTYPE_F64}, {"float", DTYPE_F64}, {"F", DTYPE_C64},
        {"c8", DTYPE_C64}, {"D", DTYPE_C128}, {"c16", DTYPE_C128}, {"complex", DTYPE_C128}};
    if (find_alias(aliases, sizeof aliases / sizeof *aliases, without_order(text), dtype))
        return true;
    for (int i = 0; i < DTYPE_COUNT; i++)
        if (!strcmp(text, infos[i].numpy)) {
            *dtype = (DType)i;
            return true;
        }
    return text[0] > '9' && text[1] > '9' && dtype_by_name(text, dtype);
}

static DType signed_of_bytes(int bytes) {
    return bytes <= 1 ? DTYPE_I8 : bytes == 2 ? DTYPE_I16 : bytes == 4 ? DTYPE_I32 : DTYPE_I64;
}

/* The float that holds an integer of so many bytes: float16's place is taken by f32. */
static DType float_beside(DType floating, DType integer) {
    return infos[integer].bytes <= 2 ? floating : DTYPE_F64;
}

static DType complex_beside(DType number, DType other) {
    bool wide = number == DTYPE_C128 || other == DTYPE_F64 || (dtype_is_integer(other) && infos[other].bytes > 2);
    return wide ? DTYPE_C128 : DTYPE_C64;
}

DType dtype_promote(DType a, DType b) {
    DTypeClass p = infos[a].class, q = infos[b].class;
    if (p > q)
        return dtype_promote(b, a);
    if (p == q)
        return infos[a].bytes > infos[b].bytes ? a : b;
    if (p == CLASS_BOOL)
        return b;
    if (q == CLASS_COMPLEX)
        return complex_beside(b, a);
    if (q == CLASS_FLOAT)
        return float_beside(b, a);
    if (infos[a].bytes > infos[b].bytes)
        return a;
    return infos[b].bytes == 8 ? DTYPE_F64 : signed_of_bytes(infos[b].bytes * 2);
}

bool dtype_can_cast(DType from, DType to, char casting) {
    static const int kinds[] = {[CLASS_BOOL] = 0, [CLASS_UINT] = 1, [CLASS_INT] = 2, [CLASS_FLOAT] = 3, [CLASS_COMPLEX] = 4};
    DTypeClass p = infos[from].class, q = infos[to].class;
    if (casting == 'k')
        return kinds[p] <= kinds[q];
    if (p == q)
        return infos[from].bytes <= infos[to].bytes;
    /* Integers of 64 bits pass as safe in floats of 64. */
    return p == CLASS_BOOL || dtype_promote(from, to) == to;
}

DType dtype_promote_weak(DType strong, DTypeClass weak) {
    DTypeClass class = infos[strong].class;
    if (class >= weak || (weak == CLASS_INT && class == CLASS_UINT))
        return strong;
    if (weak == CLASS_COMPLEX)
        return strong == DTYPE_F32 ? DTYPE_C64 : DTYPE_C128;
    return weak == CLASS_FLOAT ? DTYPE_F64 : DTYPE_I64;
}
