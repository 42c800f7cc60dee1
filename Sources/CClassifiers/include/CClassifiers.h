#ifndef CCLASSIFIERS_H
#define CCLASSIFIERS_H

#include <stddef.h>

// The weights of the classifiers that come with the package, as safetensors files in memory.
// They were made by scripts/train-classifiers.

/// The classifier of handwritten digits; the bytes live as long as the process.
const unsigned char *cclassifiers_mnist(size_t *length);

/// The classifier of articles of clothing.
const unsigned char *cclassifiers_fashion_mnist(size_t *length);

#endif
