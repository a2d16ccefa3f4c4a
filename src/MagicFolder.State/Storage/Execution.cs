using SQLitePCL;

namespace MagicFolder.State;

/// <summary>
/// One run of a statement: bind every parameter in order, then step. Spans read from a row are valid until the next step.
/// </summary>
internal readonly ref partial struct Execution(Statement statement)
{
    internal Execution Bind(long value)
    {
        Check(Sqlite3.BindInt64(statement.Pointer, ++statement.Bound, value));
        return this;
    }

    internal Execution Bind(bool value) => Bind(value ? 1L : 0L);

    internal Execution Bind(bool? value) => value is { } given ? Bind(given) : BindNull();

    internal Execution Bind(scoped ReadOnlySpan<byte> value)
    {
        Check(Sqlite3.BindBlob(statement.Pointer, ++statement.Bound, value));
        return this;
    }

    internal Execution Bind(string value)
    {
        Check(raw.sqlite3_bind_text(statement.Handle, ++statement.Bound, value));
        return this;
    }

    internal Execution BindNull()
    {
        Check(Sqlite3.BindNull(statement.Pointer, ++statement.Bound));
        return this;
    }

    /// <summary>Steps to the next row; false at the end.</summary>
    internal bool Next()
    {
        int code = Sqlite3.Step(statement.Pointer);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw statement.Session.Failure(code),
        };
    }

    /// <summary>Runs a statement that gives no rows; returns how many rows it changed.</summary>
    internal int Run()
    {
        while (Next())
        {
        }
        return raw.sqlite3_changes(statement.Session.Handle);
    }

    /// <summary>Runs an INSERT; returns the rowid that it gave. (Not by RETURNING: the commit would come after the row, and its failure be missed.)</summary>
    internal long Insert()
    {
        Run();
        return raw.sqlite3_last_insert_rowid(statement.Session.Handle);
    }

    internal bool IsNull(int column) => Sqlite3.ColumnType(statement.Pointer, column) == raw.SQLITE_NULL;

    internal long Int64(int column) => Sqlite3.ColumnInt64(statement.Pointer, column);

    internal bool Flag(int column) => Int64(column) != 0;

    internal bool? OptionalFlag(int column) => IsNull(column) ? null : Flag(column);

    internal ReadOnlySpan<byte> Blob(int column) => Sqlite3.ColumnBlob(statement.Pointer, column);

    internal string Text(int column) => raw.sqlite3_column_text(statement.Handle, column).utf8_to_string() ?? "";

    /// <summary>Ends this run. The statement stays prepared.</summary>
    public void Dispose() => statement.End();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw statement.Session.Failure(code);
    }
}
