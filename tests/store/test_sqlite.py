from store.contract import StoreContract


class TestSqliteStore(StoreContract):
    """SqliteStore is a Store."""
