/* array.c: elements of arrays, one at a time. */
#include "runtime.h"

int64_t element_int(const mnp_array *array, int64_t offset) {
    const void *data = array->data;
    switch (array->dtype) {
    case MNP_BOOL: case MNP_U8: return ((const uint8_t *)data)[offset];
    case MNP_I8: return ((const int8_t *)data)[offset];
    case MNP_I16: return ((const int16_t *)data)[offset];
    case MNP_I32: return ((const int32_t *)data)[offset];
    case MNP_I64: case MNP_U64: return ((const int64_t *)data)[offset];
    case MNP_U16: return ((const uint16_t *)data)[offset];
    case MNP_U32: return ((const uint32_t *)data)[offset];
    default: return (int64_t)element_float(array, offset);
    }
}

double element_float(const mnp_array *array, int64_t offset) {
    if (array->dtype == MNP_F64)
        return ((const double *)array->data)[offset];
    if (array->dtype == MNP_F32)
        return (double)((const float *)array->data)[offset];
    int64_t value = element_int(array, offset);
    return array->dtype == MNP_U64 ? (double)(uint64_t)value : (double)value;
}

double element_part(const mnp_array *array, int64_t offset, int imaginary) {
    if (array->dtype == MNP_C128)
        return ((const double *)array->data)[2 * offset + imaginary];
    if (array->dtype == MNP_C64)
        return (double)((const float *)array->data)[2 * offset + imaginary];
    return imaginary ? 0 : element_float(array, offset);
}

int64_t element_total(const mnp_array *array) {
    int64_t count = 1;
    for (int axis = 0; axis < array->rank; axis++)
        count *= array->shape[axis];
    return count;
}
