using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid.Servers;

/// <summary>
/// The data of one share, opened for reading: a consistent version, even when the share is replaced meanwhile. Reads may run concurrently. An immutable share may
/// be followed by some bytes that do not belong to it (docs/formats/storage-directory.md, section 3). What cannot be read is a <see cref="GridException"/>.
/// </summary>
public interface IShareHandle : IShareSource, IAsyncDisposable;
