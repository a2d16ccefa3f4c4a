using System.Runtime.InteropServices;
using SQLitePCL;

namespace MagicFolder.State;

/// <summary>A whole database as bytes, to and from memory: how simulations copy the state of a computer.</summary>
internal static class MemoryImage
{
    internal static byte[] Of(Session session)
    {
        nint bytes = raw.sqlite3_serialize(session.Handle, "main", out long length, 0);
        if (bytes == 0) throw session.Failure(raw.SQLITE_NOMEM);
        try
        {
            var image = new byte[length];
            Marshal.Copy(bytes, image, 0, image.Length);
            return image;
        }
        finally
        {
            raw.sqlite3_free(bytes);
        }
    }

    internal static void Load(Session session, ReadOnlySpan<byte> image)
    {
        nint bytes = raw.sqlite3_malloc64(image.Length);
        if (bytes == 0) throw session.Failure(raw.SQLITE_NOMEM);
        Marshal.Copy(image.ToArray(), 0, bytes, image.Length);
        // From here on SQLite owns the bytes, also when it fails.
        int code = raw.sqlite3_deserialize(
            session.Handle, "main", bytes, image.Length, image.Length, raw.SQLITE_DESERIALIZE_FREEONCLOSE | raw.SQLITE_DESERIALIZE_RESIZEABLE);
        if (code != raw.SQLITE_OK) throw session.Failure(code);
    }
}
