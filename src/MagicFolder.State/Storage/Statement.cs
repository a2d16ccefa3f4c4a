using MagicFolder.Model;
using SQLitePCL;

namespace MagicFolder.State;

/// <summary>
/// One SQL statement, prepared at its first use and kept until the session ends. Used by one <see cref="Execution"/> at a time.
/// </summary>
internal sealed class Statement(Session session, string sql)
{
    private sqlite3_stmt? _handle;
    private bool _running;

    internal Session Session => session;

    internal sqlite3_stmt Handle => _handle!;

    /// <summary>What <see cref="Handle"/> stands for. Zero once the statement is closed: SQLite refuses to bind and to step then, and a column is empty.</summary>
    internal nint Pointer { get; private set; }

    /// <summary>How many parameters are bound in the current execution.</summary>
    internal int Bound { get; set; }

    /// <summary>Starts an execution; parameters are bound in their order, and disposing it resets the statement.</summary>
    internal Execution Begin()
    {
        session.CheckUsable();
        if (_running) throw new InvalidOperationException("The statement is running already.");
        _handle ??= Prepare();
        _running = true;
        Bound = 0;
        return new Execution(this);
    }

    internal void End()
    {
        if (!_running) return;
        _running = false;
        // The result repeats that of the last step, which was looked at then. An unreset statement would hold a read lock.
        _ = Sqlite3.Reset(Pointer);
        GC.KeepAlive(this);
    }

    internal void Close()
    {
        Pointer = 0;
        _handle?.Dispose();
        _handle = null;
    }

    private sqlite3_stmt Prepare()
    {
        int code = raw.sqlite3_prepare_v3(session.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        if (code == raw.SQLITE_ERROR)
        {
            // The text is ours and tested, so it is the tables that are not as they should be.
            string message = raw.sqlite3_errmsg(session.Handle).utf8_to_string();
            throw new DamagedBytesException(DamageReason.Malformed, $"The state database has not the tables it should have: {message}.");
        }
        if (code != raw.SQLITE_OK) throw session.Failure(code);
        session.Register(this);
        Pointer = handle.DangerousGetHandle();
        return handle;
    }
}
