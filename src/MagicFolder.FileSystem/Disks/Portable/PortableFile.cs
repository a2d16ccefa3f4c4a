using MagicFolder.Model.Paths;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.FileSystem.Disks.Portable;

/// <summary>A regular file held open by .NET's own calls.</summary>
internal sealed class PortableFile(SafeFileHandle handle, RelativePath path, Func<DiskStat?> look) : IDiskFile
{
    public DiskStat Stat() => Run("look at", () =>
    {
        // .NET looks by path only, so a file that was replaced meanwhile shows as the other one; the length is that of this one.
        var stat = look() ?? throw DiskTrouble.Exception(DiskFault.NotFound, path, "look at");
        return stat with { Size = RandomAccess.GetLength(handle) };
    });

    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(handle, buffer, offset);
        }
        catch (IOException e)
        {
            throw DiskTrouble.Exception(DiskFault.Io, path, "read", inner: e);
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException e)
        {
            throw DiskTrouble.Exception(DiskFault.Io, path, "write", inner: e);
        }
    }

    public void Flush() => Run("flush", () =>
    {
        RandomAccess.FlushToDisk(handle);
        return true;
    });

    public void Dispose() => handle.Dispose();

    private T Run<T>(string doing, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not DiskException and (IOException or UnauthorizedAccessException))
        {
            throw DiskTrouble.Exception(DiskFault.Io, path, doing, inner: e);
        }
    }
}
