using MagicFolder.Model;
using Microsoft.Data.Sqlite;

namespace MagicFolder.State;

/// <summary>Opens sessions with the settings on which durability rests (docs/decisions/0003-state-in-sqlite-full.md).</summary>
internal static class Opening
{
    /// <summary>
    /// A session is for one thread at a time, so SQLite need not take a lock for each of its calls; nor need it count its memory under one (sqlite.org/threadsafe.html).
    /// </summary>
    static Opening()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Temporary tables stay in memory: the state holds read caps, which have no business in /tmp. fullfsync matters on macOS only, where fsync
    // alone does not reach the medium.
    private const string Common =
        "PRAGMA busy_timeout = 200; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16384";

    private const string Durable =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA journal_size_limit = 33554432";

    internal static Session File(string file, IReadOnlyList<string> scripts)
    {
        CreatePrivately(file);
        var session = Connect(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite }, file);
        try
        {
            session.Execute(Common);
            Migration.Check(session, file, scripts.Count);
            session.Execute(Durable);
            if (session.QueryTexts("PRAGMA journal_mode") is not ["wal"])
                throw new StateStorageException($"The state database {file} is on a file system that cannot hold a write-ahead log.");
            Migration.Run(session, scripts);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Sees the database as it is at this moment, whatever its owner commits meanwhile. Changes nothing in it; SQLite may make the files of its log beside it.</summary>
    internal static Session Reading(string file, int newest)
    {
        var session = Connect(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly }, file);
        try
        {
            session.Execute(Common + "; PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; BEGIN");
            Migration.Check(session, file, newest);
            if (session.QueryNumber("PRAGMA user_version") < newest)
                throw new StateStorageException($"The state database {file} was left by an older version of this program, or is not finished; run 'magic-folder sync' once to bring it up to date.");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    internal static Session Memory(string name, IReadOnlyList<string> scripts) => Ready(
        // The name becomes part of a URI.
        Connect(new SqliteConnectionStringBuilder { DataSource = Uri.EscapeDataString(name), Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared }, name),
        name,
        scripts);

    internal static Session Image(ReadOnlyMemory<byte> image, IReadOnlyList<string> scripts)
    {
        var session = Connect(new SqliteConnectionStringBuilder { DataSource = ":memory:" }, "(image)");
        if (!image.IsEmpty) MemoryImage.Load(session, image.Span);
        return Ready(session, "(image)", scripts);
    }

    private static Session Ready(Session session, string name, IReadOnlyList<string> scripts)
    {
        try
        {
            session.Execute(Common);
            Migration.Check(session, name, scripts.Count);
            Migration.Run(session, scripts);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static Session Connect(SqliteConnectionStringBuilder settings, string name)
    {
        // A pooled connection would outlive Dispose, and the file's lock with it.
        settings.Pooling = false;
        settings.DefaultTimeout = 1;
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            KeepPlans(connection);
            return new Session(connection, name);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Session.Failure(name, e.SqliteErrorCode, e.Message, e);
        }
    }

    /// <summary>Plans do not depend on what is bound (sqlite.org/c3ref/c_dbconfig_defensive.html): else a query that may use a partial index is compiled anew for each value.</summary>
    private static void KeepPlans(SqliteConnection connection)
    {
        const int EnableStability = 1007;
        _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, EnableStability, 1, out _);
    }

    /// <summary>
    /// The file exists with mode 0600 before SQLite writes to it; its log takes over the mode. Only under the lock file: closing any handle of a file drops
    /// all POSIX locks that this process has on it, SQLite's included.
    /// </summary>
    private static void CreatePrivately(string file)
    {
        OpenPrivately(file).Dispose();
        if (!OperatingSystem.IsWindows() && System.IO.File.GetUnixFileMode(file) != OwnerOnly) System.IO.File.SetUnixFileMode(file, OwnerOnly);
    }

    internal static FileStream OpenPrivately(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(file, options);
    }
}
