package io.portreeve.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be used, in the words of the system and not of Java. */
public final class FileTrouble {
    private FileTrouble() {}

    public static String of(IOException trouble) {
        return switch (trouble) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file or folder";
            case FileAlreadyExistsException _ -> "a file of that name is in the way";
            case FileSystemException e when e.getReason() != null -> lowerCase(e.getReason());
            default -> trouble.getMessage();
        };
    }

    private static String lowerCase(String reason) {
        return Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }
}
