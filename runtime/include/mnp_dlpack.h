/* mnp_dlpack.h: mnp_array to and from DLPack's DLTensor, without copies. Include dlpack/dlpack.h before. */
#ifndef MNP_DLPACK_H
#define MNP_DLPACK_H

#include "mnp.h"

/* kDLComplex, which old headers of DLPack have not. */
#define MNP_DLPACK_COMPLEX 5

/* MNP_F64, ... of a DLPack type; -1 where mnp has none. */
static inline int32_t mnp_dtype_from_dlpack(DLDataType type) {
    int32_t first = type.code == kDLInt ? MNP_I8 : type.code == kDLUInt ? MNP_U8 : -1;
    if (type.lanes != 1)
        return -1;
    if (type.code == kDLFloat)
        return type.bits == 64 ? MNP_F64 : type.bits == 32 ? MNP_F32 : -1;
    if (type.code == MNP_DLPACK_COMPLEX)
        return type.bits == 128 ? MNP_C128 : type.bits == 64 ? MNP_C64 : -1;
    if (type.code == kDLBool)
        return type.bits == 8 ? MNP_BOOL : -1;
    if (first < 0)
        return -1;
    return type.bits == 8    ? first
           : type.bits == 16 ? first + 1
           : type.bits == 32 ? first + 2
           : type.bits == 64 ? first + 3
                             : -1;
}

static inline DLDataType mnp_dtype_to_dlpack(int32_t dtype) {
    DLDataType type;
    int32_t integer = dtype >= MNP_U8 ? dtype - MNP_U8 : dtype - MNP_I8;
    type.lanes = 1;
    if (dtype >= MNP_C64) {
        type.code = (uint8_t)MNP_DLPACK_COMPLEX;
        type.bits = (uint8_t)(dtype == MNP_C64 ? 64 : 128);
    } else if (dtype == MNP_BOOL || dtype >= MNP_F32) {
        type.code = (uint8_t)(dtype == MNP_BOOL ? kDLBool : kDLFloat);
        type.bits = (uint8_t)(dtype == MNP_BOOL ? 8 : dtype == MNP_F32 ? 32 : 64);
    } else {
        type.code = (uint8_t)(dtype >= MNP_U8 ? kDLUInt : kDLInt);
        type.bits = (uint8_t)(8 << integer);
    }
    return type;
}

/* Describes the tensor's memory, which stays the tensor's. Returns 0, or 1 with mnp_last_error() where mnp has no
 * such array: another device, dtype or too many axes. Without strides the tensor is in C order. */
static inline int mnp_from_dlpack(const DLTensor *tensor, mnp_array *array) {
    int64_t step = 1;
    int32_t dtype = mnp_dtype_from_dlpack(tensor->dtype), axis;
    if (tensor->device.device_type != kDLCPU)
        return mnp_set_error("TypeError: a tensor on another device than the CPU");
    if (dtype < 0)
        return mnp_set_error("TypeError: a tensor of a dtype that mnp has not");
    if (tensor->ndim < 0 || tensor->ndim > 8)
        return mnp_set_error("ValueError: a tensor of more than 8 axes");
    array->data = tensor->data ? (char *)tensor->data + tensor->byte_offset : NULL;
    array->dtype = dtype;
    array->rank = tensor->ndim;
    for (axis = tensor->ndim - 1; axis >= 0; axis--) {
        array->shape[axis] = tensor->shape[axis];
        array->strides[axis] = tensor->strides ? tensor->strides[axis] : step;
        step = mnp_size_mul(step, tensor->shape[axis]);
    }
    return 0;
}

/* Describes the array's memory, which stays the array's: the tensor's shape and strides point into `array`. */
static inline void mnp_to_dlpack(mnp_array *array, DLTensor *tensor) {
    tensor->data = array->data;
    tensor->device.device_type = kDLCPU;
    tensor->device.device_id = 0;
    tensor->ndim = array->rank;
    tensor->dtype = mnp_dtype_to_dlpack(array->dtype);
    tensor->shape = array->shape;
    tensor->strides = array->strides;
    tensor->byte_offset = 0;
}

#endif
