/* dlpack.c: views of DLPack tensors into compiled functions and back. The few types are those of DLPack's own header,
 * whose layout is fixed. */
#include <stddef.h>
#include <stdint.h>

typedef enum { kDLCPU = 1, kDLCUDA = 2 } DLDeviceType;
typedef enum { kDLInt = 0, kDLUInt = 1, kDLFloat = 2, kDLBool = 6 } DLDataTypeCode;

typedef struct {
    DLDeviceType device_type;
    int32_t device_id;
} DLDevice;

typedef struct {
    uint8_t code, bits;
    uint16_t lanes;
} DLDataType;

typedef struct {
    void *data;
    DLDevice device;
    int32_t ndim;
    DLDataType dtype;
    int64_t *shape, *strides;
    uint64_t byte_offset;
} DLTensor;

#include "mnp_dlpack.h"
#include "shapes.h"

#include "expect.h"

int main(void) {
    double data[12], out[12];
    int64_t shape[2] = {3, 4}, turned[2] = {4, 3}, strides[2] = {1, 4};
    DLTensor plain = {data, {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, shape, NULL, 0};
    DLTensor transposed_view = {data, {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, turned, strides, 0};
    DLTensor back;
    mnp_array a, b, to = {out, MNP_F64, 2, {3, 4}, {4, 1}};
    for (int i = 0; i < 12; i++)
        data[i] = i;
    EXPECT(mnp_from_dlpack(&plain, &a) == 0 && a.strides[0] == 4 && a.strides[1] == 1);
    EXPECT(scale_strided(&a, 2.0, &to) == 0 && out[11] == 22);
    EXPECT(mnp_from_dlpack(&transposed_view, &b) == 0 && transposed_strided(&b, &to) == 0);
    EXPECT(!memcmp(data, out, sizeof data));
    mnp_to_dlpack(&b, &back);
    EXPECT(back.data == data && back.ndim == 2 && back.dtype.code == kDLFloat && back.dtype.bits == 64);
    EXPECT(back.shape[0] == 4 && back.strides[1] == 4 && back.byte_offset == 0);
    plain.byte_offset = 8;
    shape[0] = 2;
    EXPECT(mnp_from_dlpack(&plain, &a) == 0 && a.data == data + 1);
    for (int32_t dtype = MNP_BOOL; dtype <= MNP_F64; dtype++)
        EXPECT(mnp_dtype_from_dlpack(mnp_dtype_to_dlpack(dtype)) == dtype);
    plain.dtype.bits = 16;
    REFUSES(mnp_from_dlpack(&plain, &a), "TypeError: a tensor of a dtype");
    plain.device.device_type = kDLCUDA;
    REFUSES(mnp_from_dlpack(&plain, &a), "another device");
    transposed_view.ndim = 9;
    REFUSES(mnp_from_dlpack(&transposed_view, &a), "more than 8 axes");
    return failures != 0;
}
