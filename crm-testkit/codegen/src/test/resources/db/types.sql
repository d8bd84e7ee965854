create type appointment_state as enum ('booked', 'cancelled');
