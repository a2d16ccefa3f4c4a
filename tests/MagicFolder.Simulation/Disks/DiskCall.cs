using MagicFolder.Model.Paths;

namespace MagicFolder.Simulation.Disks;

/// <summary>A call that a program makes on its disk, before or after its effect.</summary>
/// <param name="Name">The method, e.g. <c>Move</c>, <c>Read</c>.</param>
/// <param name="Path">The path it is about.</param>
/// <param name="To">The second path of a move.</param>
/// <param name="Changes">Does it change what is on the disk?</param>
internal readonly record struct DiskCall(string Name, RelativePath Path, RelativePath? To, bool Changes)
{
    public override string ToString() => To is { } to ? $"{Name} {Path} -> {to}" : $"{Name} {Path}";
}
