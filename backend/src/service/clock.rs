//! The clock that all nodes share: the database's, as far as it was measured.

use std::sync::Arc;

use switchback_driver::ports::Clock;
use switchback_protocol::time::Time;

use super::Platform;
use crate::store::RowStore;

pub(super) struct SharedClock {
    here: Arc<dyn Clock>,
    database: Arc<dyn RowStore>,
}

impl SharedClock {
    pub(super) fn new(platform: &Platform) -> Self {
        Self {
            here: Arc::clone(&platform.clock),
            database: Arc::clone(&platform.store),
        }
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Time {
        let offset = self.database.clock_offset();
        Time::wall(self.here.now().wall.saturating_add(offset))
    }
}
