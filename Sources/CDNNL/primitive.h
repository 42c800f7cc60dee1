#ifndef CDNNL_PRIMITIVE_H
#define CDNNL_PRIMITIVE_H

#include "CDNNL.h"
#include "interface.h"

#pragma GCC visibility push(hidden)

/// oneDNN's argument numbers of the three arrays by role; 0 where there is none.
struct cdnnl_roles {
    int source, weights, destination;
};

struct cdnnl_primitive {
    dnnl_primitive_t primitive;
    dnnl_primitive_desc_t description;
    /// The weights' plain layout; NULL for a reorder.
    cdnnl_layout plain_weights;
    struct cdnnl_roles roles;
    int threads;
};

/// Takes ownership of the descriptor and of the layout, also when it fails and returns NULL.
cdnnl_primitive *cdnnl_primitive_create(
    dnnl_primitive_desc_t description, cdnnl_layout plain_weights, struct cdnnl_roles roles);

/// The layout of one argument; belongs to the primitive.
cdnnl_layout_view cdnnl_argument_layout(const cdnnl_primitive *primitive, int argument);

/// The process's one CPU engine; NULL where oneDNN has none, with the reason noted.
dnnl_engine_t cdnnl_engine(void);

/// Attributes that leave scratch memory to the caller; shared by all primitives.
dnnl_primitive_attr_t cdnnl_attributes(void);

/// The same for results that are added to the destination.
dnnl_primitive_attr_t cdnnl_adding_attributes(void);

/// Notes why a call fails, for `cdnnl_last_error`.
__attribute__((format(printf, 1, 2))) void cdnnl_note_error(const char *format, ...);

#pragma GCC visibility pop

#endif
