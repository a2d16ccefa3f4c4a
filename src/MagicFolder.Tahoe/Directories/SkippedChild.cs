using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Directories;

/// <summary>A name in a directory whose caps must not stand there. It is kept as it is as long as nobody replaces it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fault">What is wrong with its caps.</param>
public sealed record SkippedChild(ChildName Name, CapFault Fault);
