// SPDX-License-Identifier: Apache-2.0
// The way out (head.S).
#pragma once

/// Switches the machine off (PSCI SYSTEM_OFF), or waits for ever.
extern "C" void machine_power_off();
