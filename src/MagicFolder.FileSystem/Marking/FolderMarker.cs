using MagicFolder.Model;

namespace MagicFolder.FileSystem.Marking;

/// <summary>Which shared folder a directory is, and whose copy of it. <c>default</c> is no marker.</summary>
/// <param name="Folder">The shared folder.</param>
/// <param name="Participant">The petname of this computer in it.</param>
public readonly record struct FolderMarker(FolderId Folder, string Participant);
