/* options.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

/* The cumulative normal distribution, after Abramowitz and Stegun 26.2.17. */
static double normal(double x) {
    double k = 1.0 / (1.0 + 0.2316419 * fabs(x));
    double tail = exp(-0.5 * x * x) * 0.3989422804014327 * k *
                  (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
    return x > 0.0 ? 1.0 - tail : tail;
}

int FUNCTION(options)(int64_t n, const double *s, const double *k, const double *t, double r, double v, double *price) {
    for (int64_t i = 0; i < n; i++) {
        double spot = 20.0 + 60.0 * fabs(s[i]), strike = 20.0 + 60.0 * fabs(k[i]), years = 0.1 + fabs(t[i]);
        double spread = v * sqrt(years), d1 = (log(spot / strike) + (r + 0.5 * v * v) * years) / spread;
        price[i] = spot * normal(d1) - strike * exp(-r * years) * normal(d1 - spread);
    }
    return 0;
}
