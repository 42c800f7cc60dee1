#include "CClassifiers.h"

// C23 has #embed; clang takes it in earlier modes too, and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

// A Swift array literal of this size would take the compiler minutes.
static const unsigned char mnist[] = {
#embed "mnist.safetensors"
};

static const unsigned char fashion_mnist[] = {
#embed "fashion-mnist.safetensors"
};

const unsigned char *cclassifiers_mnist(size_t *length) {
    *length = sizeof mnist;
    return mnist;
}

const unsigned char *cclassifiers_fashion_mnist(size_t *length) {
    *length = sizeof fashion_mnist;
    return fashion_mnist;
}
