using MagicFolder.Model;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MagicFolder.State;

/// <summary>
/// One open connection: its statements, its transaction, and the one place where SQLite's error codes become exceptions. The connection
/// is opened by Microsoft.Data.Sqlite; statements run on its handle directly, so that binding and reading numbers and blobs allocates nothing.
/// One thread at a time.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _name;
    private readonly List<Statement> _statements = [];
    private readonly List<Action> _afterRollBack = [];
    private readonly List<Action> _afterTransaction = [];
    private StateTransaction? _transaction;

    /// <param name="connection">Open; owned from now on.</param>
    /// <param name="name">What messages call the database.</param>
    internal Session(SqliteConnection connection, string name)
    {
        _connection = connection;
        _name = name;
        Handle = connection.Handle ?? throw new ArgumentException("The connection is not open.", nameof(connection));
    }

    internal sqlite3 Handle { get; }

    internal bool IsDisposed { get; private set; }

    internal bool InTransaction => _transaction is not null;

    internal StateTransaction Begin()
    {
        if (_transaction is not null) throw new InvalidOperationException("A transaction is already open; they do not nest.");
        Execute("BEGIN IMMEDIATE");
        return _transaction = new StateTransaction(this);
    }

    internal void Commit(StateTransaction transaction)
    {
        if (transaction != _transaction) throw new InvalidOperationException("The transaction is over.");
        CheckUsable();
        Execute("COMMIT");
        End();
    }

    internal void RollBack(StateTransaction transaction)
    {
        if (transaction != _transaction) return;
        End();
        // After some failures (disk full, device error) SQLite has rolled back by itself, and ROLLBACK would be an error.
        if (!IsDisposed && raw.sqlite3_get_autocommit(Handle) == 0) Execute("ROLLBACK");
        foreach (var action in _afterRollBack) action();
    }

    /// <summary>Runs several statements as one: in the open transaction, or in one of their own.</summary>
    internal void Atomically(Action work)
    {
        if (_transaction is { } outer)
        {
            try
            {
                work();
            }
            catch
            {
                // Half of the work is in the outer transaction; it must not be committed.
                outer.IsDoomed = true;
                throw;
            }
            return;
        }
        using var transaction = Begin();
        work();
        transaction.Commit();
    }

    /// <summary>Runs a script without parameters or results.</summary>
    internal void Execute(string sql)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(ParticipantDatabase));
        int code = raw.sqlite3_exec(Handle, sql);
        if (code != raw.SQLITE_OK) throw Failure(code);
    }

    /// <summary>The number in the first row of a query that is not kept: for PRAGMAs.</summary>
    internal long QueryNumber(string sql) => long.Parse(QueryTexts(sql)[0]);

    /// <summary>The first column of all rows of a query that is not kept.</summary>
    internal IReadOnlyList<string> QueryTexts(string sql)
    {
        var texts = new List<string>();
        var statement = new Statement(this, sql);
        using (var query = statement.Begin())
        {
            while (query.Next()) texts.Add(query.Text(0));
        }
        _statements.Remove(statement);
        statement.Close();
        return texts;
    }

    /// <summary>Runs <paramref name="action"/> after every roll-back: whatever was remembered outside of the database may be untrue then.</summary>
    internal void AfterRollBack(Action action) => _afterRollBack.Add(action);

    /// <summary>Runs <paramref name="action"/> after every transaction, however it ended.</summary>
    internal void AfterTransaction(Action action) => _afterTransaction.Add(action);

    internal void AskBeforeCommits(Func<bool> mayCommit) => raw.sqlite3_commit_hook(Handle, _ => mayCommit() ? 0 : 1, null);

    internal void TellStatements(Action tell) => raw.sqlite3_trace(Handle, (object _, utf8z _) => tell(), null);

    /// <summary>As if the process that used this session had died: what it had not committed is undone.</summary>
    internal void Abandon()
    {
        if (_transaction is { } transaction) RollBack(transaction);
    }

    private void End()
    {
        _transaction = null;
        foreach (var action in _afterTransaction) action();
    }

    internal void Register(Statement statement) => _statements.Add(statement);

    /// <summary>Called before every use of a statement.</summary>
    internal void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(ParticipantDatabase));
        if (_transaction is { IsDoomed: true })
            throw new InvalidOperationException("A statement in this transaction failed; it can only be rolled back.");
    }

    /// <summary>The exception for a failed call. Dooms the open transaction.</summary>
    internal Exception Failure(int code)
    {
        if (_transaction is { } transaction) transaction.IsDoomed = true;
        string message = raw.sqlite3_errmsg(Handle).utf8_to_string();
        return Failure(_name, code, message, null);
    }

    /// <summary>
    /// What a result code means to the callers of this room. SQLite's messages name tables and columns, never values.
    /// </summary>
    internal static Exception Failure(string name, int code, string message, Exception? inner) => (code & 0xFF) switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            new DamagedBytesException(DamageReason.Malformed, $"The state database {name} is damaged: {message}."),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StateInUseException($"The state database {name} is in use.", inner),
        raw.SQLITE_CONSTRAINT or raw.SQLITE_MISUSE or raw.SQLITE_RANGE =>
            new InvalidOperationException($"The state database {name} refused a row: {message}.", inner),
        _ => new StateStorageException($"The state database {name} cannot be read or written: {message} (SQLite result {code}).", inner),
    };

    public void Dispose()
    {
        if (IsDisposed) return;
        Abandon();
        IsDisposed = true;
        // Before the connection: SQLite keeps a connection with living statements open as a zombie, and its locks with it.
        foreach (var statement in _statements) statement.Close();
        _connection.Dispose();
    }
}
