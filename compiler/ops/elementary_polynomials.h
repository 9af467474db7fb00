/* elementary_polynomials.h: written by tests/elementary/fit.py. Coefficients from the constant term on. */
#ifndef MNP_OPS_ELEMENTARY_POLYNOMIALS_H
#define MNP_OPS_ELEMENTARY_POLYNOMIALS_H

/* (exp(r) - 1 - r) / r**2, within 1.1e-16. */
static const double exp_terms[] = {
    0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.5555555553d37p-5, 0x1.11111111109a6p-7,
    0x1.6c16c1789d1d7p-10, 0x1.a01a01a7cebcdp-13, 0x1.a019b8ca26fcfp-16, 0x1.71de0d85293b8p-19,
    0x1.2891d4ffbb0f9p-22, 0x1.af390ba7e6f47p-26
};

/* (atanh(s) / s - 1) / s**2 * 2 in z = s**2, within 2.1e-18. */
static const double log_terms[] = {
    0x1.5555555555555p-1, 0x1.9999999999a3ap-2, 0x1.249249247670ap-2, 0x1.c71c7201fc0e6p-3,
    0x1.745cf8c09a9d4p-3, 0x1.3b1c43c68eb6dp-3, 0x1.0fbd140544b63p-3, 0x1.0c135adcf3011p-3
};

/* the same without its first term: (atanh(s) / s - 1 - z / 3) / z**2 * 2, within 2.8e-16. */
static const double log5_terms[] = {
    0x1.999999999999fp-2, 0x1.249249248e468p-2, 0x1.c71c71d814a8ap-3, 0x1.745d09d3f8fdfp-3,
    0x1.3b18c1056557bp-3, 0x1.1017a19d7aa3cp-3, 0x1.0885808c8172dp-3
};

/* (sin(r) / r - 1) / r**2 in z = r**2, within 2.1e-17. */
static const double sin_terms[] = {
    -0x1.5555555555555p-3, 0x1.1111111110babp-7, -0x1.a01a019e820aep-13, 0x1.71de37946ed6dp-19,
    -0x1.ae6008d114485p-26, 0x1.5e0a4fc16be59p-33
};

/* (cos(r) - 1 + z / 2) / z**2 in z = r**2, within 1.3e-18. */
static const double cos_terms[] = {
    0x1.5555555555555p-5, -0x1.6c16c16c16963p-10, 0x1.a01a019f4ddfdp-16, -0x1.27e4fa16cc2d1p-22,
    0x1.1eeb67d026ec6p-29, -0x1.907cd8ff5ede7p-37
};

/* (asin(x) / x - 1) / x**2 in z = x**2, within 1.5e-17. */
static const double asin_terms[] = {
    0x1.5555555555556p-3, 0x1.3333333332ec4p-4, 0x1.6db6db6e3292ep-5, 0x1.f1c71c1d4aa0dp-6,
    0x1.6e8bb1d89492bp-6, 0x1.1c4d343fa57f6p-6, 0x1.c9cf3759fd8ffp-7, 0x1.78246f32d075cp-7,
    0x1.524ea8b3aad31p-7, 0x1.653a8f8cfd43cp-8, 0x1.1d661531b222ep-6, -0x1.e7a24f548c99fp-7,
    0x1.d78189767524ep-6
};

/* (atan(x) / x - 1) / x**2 in z = x**2, within 3.2e-17. */
static const double atan_terms[] = {
    -0x1.5555555555555p-2, 0x1.9999999999338p-3, -0x1.24924924351dfp-3, 0x1.c71c71849b675p-4,
    -0x1.745d0b0ef2008p-4, 0x1.3b1260b16a789p-4, -0x1.10fa56df5cb6dp-4, 0x1.dfe40fa193386p-5,
    -0x1.a08df84688f1fp-5, 0x1.41412472a5901p-5, -0x1.39df6e31870c8p-6
};

/* (tanh(x) / x - 1) / x**2 in z = x**2, within 2.7e-16. */
static const double tanh_terms[] = {
    -0x1.5555555555551p-2, 0x1.111111110f81bp-3, -0x1.ba1ba1b770f7ap-5, 0x1.664f479fd42e6p-6,
    -0x1.226e0eee67b04p-7, 0x1.d6cc4d2114dd6p-9, -0x1.7d3013b55f12bp-10, 0x1.31033fdac012cp-11,
    -0x1.c1e68e21e5468p-13, 0x1.c41da84f38dc8p-15
};

/* (sinh(x) / x - 1) / x**2 in z = x**2, within 3.5e-19. */
static const double sinh_terms[] = {
    0x1.5555555555555p-3, 0x1.11111111110fdp-7, 0x1.a01a01a01eed5p-13, 0x1.71de3a4e0d67dp-19,
    0x1.ae646102f8d4bp-26, 0x1.611caf3d7bfe1p-33, 0x1.b413a2632a732p-41
};

/* (asinh(x) / x - 1) / x**2 in z = x**2, within 1.2e-17. */
static const double asinh_terms[] = {
    -0x1.5555555555555p-3, 0x1.3333333332f5bp-4, -0x1.6db6db6d5ae31p-5, 0x1.f1c71c3bc2932p-6,
    -0x1.6e8b9aae9aab9p-6, 0x1.1c4e06bc986e9p-6, -0x1.c983adcb2b771p-7, 0x1.79b084fa7888fp-7,
    -0x1.3a49381b5343cp-7, 0x1.f37e69a311e27p-8, -0x1.4720fe1af4730p-8, 0x1.ee066227cdbccp-10
};

/* (atanh(x) / x - 1) / x**2 in z = x**2, within 7.3e-18. */
static const double atanh_terms[] = {
    0x1.5555555555555p-2, 0x1.9999999999ad3p-3, 0x1.249249247e74bp-3, 0x1.c71c71d6e151dp-4,
    0x1.745d1402b9973p-4, 0x1.3b14185ab161dp-4, 0x1.1108da0d50e93p-4, 0x1.e2c4111e44031p-5,
    0x1.a6be5e448fa45p-5, 0x1.bdf49b57ffcddp-5, 0x1.90688c14d439dp-7, 0x1.160a1ee295f99p-3,
    -0x1.287d33cc7d212p-3, 0x1.b06ffc3eaad51p-3
};

/* cube root, within 1.4e-03. */
static const double cbrt_terms[] = {
    0x1.3784c81b01b17p-1, 0x1.f48b3890d403cp-2, -0x1.cb3e73ee2713fp-4, 0x1.2b08ff2518449p-6,
    -0x1.a29d4b8e82abep-10, 0x1.da65ac9237f24p-15
};

#endif
