namespace MagicFolder.Model.Paths;

/// <summary>Why bytes are not a path inside a folder.</summary>
public enum PathFault
{
    None = 0,

    /// <summary>Nothing at all, a leading or trailing separator, or two in a row.</summary>
    Empty,
    NotUtf8,
    Nul,
    Separator,

    /// <summary>A name is "." or "..".</summary>
    DotName,
    TooLong,
    TooDeep,
}
