using MagicFolder.Grid.Servers.Locking;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Servers;

/// <summary>An immutable share on its way into a directory: written beside, flushed, then renamed into place under the lock of the slot.</summary>
internal sealed class DirectoryShareUpload : IShareUpload
{
    /// <summary>So often the disk is given something to do, so that little is left for the flush at the end.</summary>
    private const long WritebackLength = 4 * 1024 * 1024;

    private readonly DirectoryShareServer _server;
    private readonly FileStream _file;
    private readonly StorageIndex _index;
    private readonly int _number;
    private readonly long _size;
    private readonly LeaseSecrets _lease;
    private long _written;
    private long _flushing;
    private bool _renamed;

    public DirectoryShareUpload(DirectoryShareServer server, FileStream file, StorageIndex index, int number, long size, LeaseSecrets lease)
    {
        _server = server;
        _file = file;
        _index = index;
        _number = number;
        _size = size;
        _lease = lease;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (data.Length > _size - _written)
        {
            throw new InvalidOperationException("More data than announced.");
        }

        Write(data.Span, ImmutableContainerHeader.Size + _written);
        _written += data.Length;
        if (_written - _flushing >= WritebackLength && OperatingSystem.IsLinux())
        {
            PosixFile.BeginFlush(_file.SafeFileHandle, ImmutableContainerHeader.Size + _flushing, _written - _flushing);
            _flushing = _written;
        }

        return ValueTask.CompletedTask;
    }

    public async Task<bool> FinishAsync(CancellationToken cancel)
    {
        if (_written != _size)
        {
            throw new InvalidOperationException("Fewer data than announced.");
        }

        WriteEnvelope();
        await Task.Run(Flush, cancel);
        // Closed first, since Windows does not rename an open file.
        await _file.DisposeAsync();
        var first = await _server.PublishAsync(_index, _number, _file.Name, _lease, cancel);
        _renamed = true;
        return first;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_renamed)
        {
            try
            {
                File.Delete(_file.Name);
            }
            catch (Exception e) when (StorageTrouble.IsStorage(e))
            {
                // It stays as a leftover, which a later opening removes; the trouble that led here is the one to report.
            }
        }
    }

    private void WriteEnvelope()
    {
        Span<byte> header = stackalloc byte[ImmutableContainerHeader.Size];
        ImmutableContainerHeader.Of(ContainerVersion.V2, leaseCount: 1, _size).Write(header);
        Write(header, 0);
        Span<byte> lease = stackalloc byte[Lease.ImmutableSize];
        Lease.Create(ContainerVersion.V2, owner: 0, _server.LeaseEnd(), _lease, stackalloc byte[Lease.NodeIdSize]).WriteImmutable(lease);
        Write(lease, ImmutableContainerHeader.Size + _size);
    }

    private void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, offset);
        }
        catch (Exception e) when (StorageTrouble.IsStorage(e))
        {
            throw StorageTrouble.Describe(e, _file.Name);
        }
    }

    private void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (Exception e) when (StorageTrouble.IsStorage(e))
        {
            throw StorageTrouble.Describe(e, _file.Name);
        }
    }
}
