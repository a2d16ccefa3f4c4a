using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MagicFolder.State;
using SQLitePCL;

namespace MagicFolder.Simulation.Engines;

/// <summary>
/// State databases from images, on connections that are used again and again: SQLite takes longer to read the tables' definitions and to prepare the statements than an
/// engine takes for a round. An image is put in the place of what the connection had in memory, which to SQLite is another process that has written to the file: before its
/// next transaction it sees another change counter in the header, and forgets every page that it kept (https://www.sqlite.org/fileformat2.html, section 1.3.7).
/// </summary>
internal static class StateConnections
{
    /// <summary>Bytes of every file here. What the header says is fewer: pages beyond it are none of the database's.</summary>
    private const int FileSize = 1 << 20;

    /// <summary>SQLITE_SERIALIZE_NOCOPY of sqlite3.h.</summary>
    private const int SerializeWithoutCopy = 1;

    private const int PageSizeAt = 16, ChangesAt = 24, PagesAt = 28, ValidForAt = 92;

    private static readonly ConcurrentBag<ParticipantDatabase> Unused = [];

    public static ParticipantDatabase Open(ReadOnlySpan<byte> image)
    {
        if (image.Length > FileSize) return ParticipantDatabase.OpenImage(image.ToArray());
        if (!Unused.TryTake(out var state))
        {
            var file = new byte[FileSize];
            image.CopyTo(file);
            state = ParticipantDatabase.OpenImage(file);
        }
        // What is remembered outside of SQLite is forgotten after a roll-back.
        state.Begin();
        state.Abandon();
        var there = FileOf(state);
        // The last that the connection has seen, so one more is another.
        int changes = unchecked(BinaryPrimitives.ReadInt32BigEndian(there[ChangesAt..]) + 1);
        image.CopyTo(there);
        BinaryPrimitives.WriteInt32BigEndian(there[ChangesAt..], changes);
        BinaryPrimitives.WriteInt32BigEndian(there[ValidForAt..], changes);
        return state;
    }

    /// <summary>What is committed, for <see cref="Open"/>.</summary>
    public static byte[] ImageOf(ParticipantDatabase state)
    {
        var file = FileOf(state);
        int pageSize = BinaryPrimitives.ReadUInt16BigEndian(file[PageSizeAt..]);
        return file[..(pageSize * BinaryPrimitives.ReadInt32BigEndian(file[PagesAt..]))].ToArray();
    }

    /// <summary>Instead of disposing of it.</summary>
    public static void Close(ParticipantDatabase state)
    {
        state.Abandon();
        state.AskBeforeCommits(() => true);
        if (FileOf(state).Length == FileSize) Unused.Add(state);
        else state.Dispose();
    }

    /// <summary>The file in memory itself: valid until the next change of the database.</summary>
    private static unsafe Span<byte> FileOf(ParticipantDatabase state)
    {
        nint bytes = raw.sqlite3_serialize(SessionOf(state).Handle, "main", out long length, SerializeWithoutCopy);
        return bytes != 0 ? new Span<byte>((void*)bytes, checked((int)length)) : throw new InvalidOperationException("The database is not in memory.");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_session")]
    private static extern ref readonly Session SessionOf(ParticipantDatabase state);
}
