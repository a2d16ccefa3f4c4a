using System.Runtime.InteropServices;

namespace MagicFolder.State;

/// <summary>
/// What is called for each row and each parameter, straight on the library that SQLitePCLRaw has loaded (https://sqlite.org/c3ref). Its own wrappers count references of a handle and leave the runtime at each call,
/// which is half of what reading a record costs (docs/decisions/0003-state-in-sqlite-full.md). The statement has to stay prepared meanwhile. Calls that do not leave the runtime take no lock and do no input or output: SQLite was told that a
/// connection is used by one thread at a time (<see cref="Opening"/>).
/// </summary>
internal static unsafe partial class Sqlite3
{
    private const string Library = "e_sqlite3";

    /// <summary>SQLite makes a copy of what is bound.</summary>
    private const nint Transient = -1;

    internal static int BindBlob(nint statement, int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes a null address for NULL.
        if (value.IsEmpty) return BindZeroBlob(statement, parameter, 0);
        fixed (byte* bytes = value) return BindBlob(statement, parameter, bytes, value.Length, Transient);
    }

    internal static ReadOnlySpan<byte> ColumnBlob(nint statement, int column)
    {
        byte* bytes = ColumnBytes(statement, column);
        return bytes is null ? default : new ReadOnlySpan<byte>(bytes, ColumnLength(statement, column));
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    internal static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    internal static partial int Reset(nint statement);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    internal static partial int BindInt64(nint statement, int parameter, long value);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    internal static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_zeroblob")]
    private static partial int BindZeroBlob(nint statement, int parameter, int length);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    internal static partial int ColumnType(nint statement, int column);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    internal static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindBlob(nint statement, int parameter, byte* value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    private static partial byte* ColumnBytes(nint statement, int column);

    [SuppressGCTransition]
    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    private static partial int ColumnLength(nint statement, int column);
}
