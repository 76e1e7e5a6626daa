// SPDX-License-Identifier: Apache-2.0
// The receive phase of a system call.
#pragma once

#include "state.hpp"

namespace entry {

using namespace base;

/// Receives from the endpoint or notification that `source` names; with a reply object from x6 if `with_reply`.
void receive_phase(KernelState& kernel, CPtr source, bool blocking, bool with_reply);

}  // namespace entry
