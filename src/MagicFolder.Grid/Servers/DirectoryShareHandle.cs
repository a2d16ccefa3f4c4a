using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Shares;
using Microsoft.Win32.SafeHandles;

namespace MagicFolder.Grid.Servers;

/// <summary>A share file, opened once and read at offsets. What was opened stays readable and unchanged when the share is replaced or deleted.</summary>
internal sealed class DirectoryShareHandle : IShareHandle
{
    private readonly SafeFileHandle _file;
    private readonly long _start;
    private readonly string _path;
    private readonly string _name;

    private DirectoryShareHandle(SafeFileHandle file, long start, long length, string path, string name)
    {
        _file = file;
        _start = start;
        _path = path;
        _name = name;
        Length = length;
    }

    public long Length { get; }

    /// <summary>Null if there is no such file.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.Damaged"/>: its container, or it is no regular file.</exception>
    public static DirectoryShareHandle? Open(string path, StorageIndex index, int number)
    {
        SafeFileHandle file;
        try
        {
            file = ShareFile.Open(path, FileAccess.Read);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        var name = $"share {number} of {index}";
        try
        {
            var (start, length) = Locate(file);
            return new DirectoryShareHandle(file, start, length, path, name);
        }
        catch (DamagedContainerException e)
        {
            file.Dispose();
            throw new GridException(GridFailure.Damaged, $"The container of {name} is damaged: {e.Fault} ('{path}').", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > Length - destination.Length)
        {
            throw Short();
        }

        try
        {
            var rest = destination.Span;
            var at = _start + offset;
            while (rest.Length > 0)
            {
                var read = RandomAccess.Read(_file, rest, at);
                if (read == 0)
                {
                    throw Short();
                }

                rest = rest[read..];
                at += read;
            }
        }
        catch (Exception e) when (StorageTrouble.IsStorage(e))
        {
            throw StorageTrouble.Describe(e, _path);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static (long Start, long Length) Locate(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[MutableContainerHeader.Size];
        var read = RandomAccess.Read(file, bytes, 0);
        // The length is asked after the header was read: a lease appended in between makes the data look longer, never shorter.
        var fileLength = RandomAccess.GetLength(file);
        return MutableContainerHeader.IsMutable(bytes[..read])
            ? (MutableContainerHeader.DataOffset, MutableContainerHeader.Parse(bytes[..read], fileLength).DataLength)
            : (ImmutableContainerHeader.Size, ImmutableContainerHeader.Parse(bytes[..read]).DataLength(fileLength));
    }

    private GridException Short() => new(GridFailure.Damaged, $"The data of {_name} end too early ('{_path}').");
}
