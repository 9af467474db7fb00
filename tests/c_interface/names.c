/* names.c: functions and parameters under the names that C gives them. */
#include "names.h"

#include "expect.h"

int main(void) {
    double a[24], out[24], x;
    int64_t n;
    uint8_t bits[3];
    for (int i = 0; i < 24; i++)
        a[i] = i;
    EXPECT(dot3(a, a + 1, &x) == 0 && x == 0 * 1 + 1 * 2 + 2 * 3);
    mnp_array three = {a, MNP_F64, 1, {3}, {1}}, four = {a, MNP_F64, 1, {4}, {1}};
    EXPECT(dot3_strided_(&three, &three, &x) == 0 && x == 5);
    REFUSES(dot3_strided_(&three, &four, &x), "ValueError: b: axis 0 has size 4, not 3");
    EXPECT(dot3_strided(1.5, &x) == 0 && x == 3 && mnp_alloc_(1.5, 2, &x) == 0 && x == 3);
    EXPECT(class_(7, &n) == 0 && n == 7);
    EXPECT(auto_(3, a, 2, 2, out) == 0 && out[0] == 2 && out[1] == 2 && auto_out_size(1, 2, 5) == 5);
    EXPECT(nest(3, a, out, &n, &x) == 0 && out[2] == 3 && n == 3 && x == 4);
    EXPECT(rank4(1, 2, 3, 4, a, out) == 0 && out[0] == 0 && out[1] == 12 && out[6] == 1 && rank4_out_axis0(1, 2, 3, 4) == 4);
    mnp_array box = {a, MNP_F64, 4, {1, 2, 3, 4}, {24, 12, 4, 1}}, xob = {out, MNP_F64, 4, {4, 3, 2, 1}, {1, 4, 12, 24}};
    EXPECT(rank4_strided(&box, &xob) == 0 && !memcmp(a, out, sizeof a));
    EXPECT(mask(3, a, bits) == 0 && bits[0] == 0 && bits[1] == 1 && bits[2] == 1);
    EXPECT(mask_out_size(3, a, 4, &n) == 0 && n == 7 && mask_out_size_(3) == 3 && mask_out_axis0(3) == 3);
    EXPECT(halfway(5, a, out) == 0 && out[1] == 1 && halfway_out_size(5) == 2 && halfway_out_size(-5) == -1);
    EXPECT(clipped(5, a, out) == 0 && out[2] == 3 && clipped_out_size(1) == 0 && clipped_out_size(5) == 3);
    EXPECT(implicit(24, a) == 0 && a[23] == 0);
    return failures != 0;
}
