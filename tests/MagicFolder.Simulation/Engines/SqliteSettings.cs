using SQLitePCL;

namespace MagicFolder.Simulation.Engines;

/// <summary>Every simulated process lives on one thread, and nobody asks how much memory SQLite uses: without its locks and counters for both it takes half the time.</summary>
internal static class SqliteSettings
{
    /// <summary>Before the first database is opened.</summary>
    public static void Apply()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }
}
