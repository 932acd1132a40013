//! An authorization request that is only looked at: nothing begins, nothing waits, and no
//! trace is left.

use super::World;
use crate::Refusal;
use crate::oauth::form::Form;
use crate::oauth::function::Function;

impl World {
    /// What the authorization endpoint would say of a request that carries its parameters
    /// itself: the redirect URI of a good one, or the refusal.
    ///
    /// # Errors
    /// As [`World::authorize`].
    pub(crate) fn glance(&self, function: Function, form: &Form<'_>) -> Result<String, Refusal> {
        let request = self.check_all(0, function, form)?;
        Ok(request.redirect_uri)
    }
}
