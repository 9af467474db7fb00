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

bool dtype_is_integer(DType dtype) {
    return infos[dtype].class == CLASS_INT || infos[dtype].class == CLASS_UINT;
}

bool dtype_by_name(const char *name, DType *dtype) {
    static const struct {
        const char *name;
        DType dtype;
    } aliases[] = {{"double", DTYPE_F64}, {"single", DTYPE_F32}, {"bool_", DTYPE_BOOL},
                   {"intp", DTYPE_I64},   {"int_", DTYPE_I64},   {"ubyte", DTYPE_U8}};
    for (int i = 0; i < DTYPE_COUNT; i++)
        if (!strcmp(name, infos[i].name) || !strcmp(name, infos[i].numpy)) {
            *dtype = (DType)i;
            return true;
        }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcmp(name, aliases[i].name)) {
            *dtype = aliases[i].dtype;
            return true;
        }
    return false;
}

static DType signed_of_bytes(int bytes) {
    return bytes <= 1 ? DTYPE_I8 : bytes == 2 ? DTYPE_I16 : bytes == 4 ? DTYPE_I32 : DTYPE_I64;
}

/* The float that holds an integer of so many bytes: float16's place is taken by f32. */
static DType float_beside(DType floating, DType integer) {
    return infos[integer].bytes <= 2 ? floating : DTYPE_F64;
}

bool dtype_promote(DType a, DType b, DType *result) {
    DTypeClass p = infos[a].class, q = infos[b].class;
    if (p > q)
        return dtype_promote(b, a, result);
    if (p == q)
        *result = infos[a].bytes > infos[b].bytes ? a : b;
    else if (p == CLASS_BOOL)
        *result = b;
    else if (q == CLASS_FLOAT)
        *result = float_beside(b, a);
    else if (infos[a].bytes > infos[b].bytes)
        *result = a;
    else
        *result = infos[b].bytes == 8 ? DTYPE_F64 : signed_of_bytes(infos[b].bytes * 2);
    return true;
}

DType dtype_promote_weak(DType strong, DTypeClass weak) {
    if (infos[strong].class >= weak || (weak == CLASS_INT && infos[strong].class == CLASS_UINT))
        return strong;
    return weak == CLASS_FLOAT ? DTYPE_F64 : DTYPE_I64;
}
