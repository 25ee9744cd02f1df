from ..circle import PI as pi_from_above
